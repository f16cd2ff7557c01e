import t from 'tap'
import { isOver } from '../../src/policy/date.ts'
import { exemptionEnds } from '../../src/policy/exemption-ends.ts'
import type { Policy } from '../../src/policy/policy.ts'

const NOW = new Date('2026-11-28T12:00:00Z')

function policy(name: string, exemptions: Record<string, string | undefined>): Policy {
  const list = Object.entries(exemptions).map(([name, expires]) => ({ name, expires }))
  return { name, exemptions: list } as unknown as Policy
}

t.test('the soonest first, and what is void last', async (t) => {
  const policies = [
    policy('default', { later: '2027-03-31', void: '2026-11-20', today: '2026-11-28', forever: undefined }),
    policy('lab', { soon: '2026-12-01', 'void-yesterday': '2026-11-27' }),
  ]
  t.same(
    exemptionEnds(policies, NOW).map(({ policy, exemption, end }) => [policy, exemption, end.toISOString()]),
    [
      ['default', 'today', '2026-11-29T00:00:00.000Z'],
      ['lab', 'soon', '2026-12-02T00:00:00.000Z'],
      ['default', 'later', '2027-04-01T00:00:00.000Z'],
      ['lab', 'void-yesterday', '2026-11-28T00:00:00.000Z'],
      ['default', 'void', '2026-11-21T00:00:00.000Z'],
    ],
  )
})

t.test('the end is when a verdict finds it void', async (t) => {
  const [{ end } = { end: NOW }] = exemptionEnds([policy('default', { a: '2026-12-31' })], NOW)
  t.ok(isOver('2026-12-31', end))
  t.notOk(isOver('2026-12-31', new Date(end.getTime() - 1)))
})
