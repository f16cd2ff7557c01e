import t from 'tap'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'
import { RULES } from '../../src/rules/index.ts'

t.test('every rule id of the policy has its rule, and no rule is without', async (t) => {
  t.same(RULES.map(({ id }) => id).toSorted(), RULE_IDS.toSorted())
})

for (const { id, asks, because, satisfy } of RULES) {
  t.test(`${id} explains itself`, async (t) => {
    for (const text of [asks, because, satisfy]) t.match(text, /\S.{20,}/)
    t.notMatch(asks, /\.$/, 'asks is a clause, printed behind the id')
    t.match(because, /\.$/)
    t.match(satisfy, /\.$/)
  })
}
