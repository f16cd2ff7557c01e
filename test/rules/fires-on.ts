import t from 'tap'
import type { Rule } from '../../src/rules/rule.ts'
import { check } from './rule-table.ts'

/** Runs a rule that looks only at the image: it fires on each of the first and on none of the second. */
export function firesOn(rule: Rule, wrong: readonly string[], right: readonly string[]): void {
  for (const image of wrong) {
    t.test(`${rule.id} fires on ${image}`, async (t) => {
      const violation = check(rule, image, {})
      t.ok(violation?.problem)
      t.ok(violation?.action)
    })
  }
  for (const image of right) {
    t.test(`${rule.id} is content with ${image}`, async (t) => t.equal(check(rule, image, {}), undefined))
  }
}
