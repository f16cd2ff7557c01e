import t from 'tap'
import { explainRule, findRule, ruleLines } from '../../src/cli/explain-rule.ts'
import { plain } from '../../src/cli/terminal.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { RULES } from '../../src/rules/index.ts'

t.test('a rule is found by its id, as it is written', async (t) => {
  for (const rule of RULES) t.equal(findRule(rule.id), rule)
  for (const id of ['latesttag', 'nginx', '', 'constructor']) t.equal(findRule(id), undefined)
})

for (const rule of RULES) {
  t.test(rule.id, async (t) => {
    const policy = builtInPolicy()
    const { asks, because, satisfy, id } = rule
    t.strictSame(explainRule(rule, policy), { rule: id, mode: policy.rules[id], asks, because, satisfy })
    const text = ruleLines(rule, policy, plain)
    t.equal(text[0], id)
    t.match(text.at(-1), `${policy.rules[id]} (TagPolicy default, spec.rules.${id})`)
    for (const line of text) t.ok(line.length <= 100, line)
  })
}
