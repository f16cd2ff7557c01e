import t from 'tap'
import { MODES } from '../../src/policy/mode.ts'
import { DEFAULT_RULE_MODES, RULE_IDS } from '../../src/policy/rule-modes.ts'

t.test('the defaults of the design', async (t) => {
  t.same(DEFAULT_RULE_MODES, {
    latestTag: 'enforce',
    partialTag: 'enforce',
    floatingTag: 'warn',
    stalePull: 'warn',
    needlessPull: 'warn',
    expiringImage: 'warn',
    invalidReference: 'enforce',
    digestMissing: 'disabled',
  })
  t.ok(RULE_IDS.every((id) => MODES.includes(DEFAULT_RULE_MODES[id])))
})
