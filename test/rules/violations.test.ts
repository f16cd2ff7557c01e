import t from 'tap'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import type { Mode } from '../../src/policy/mode.ts'
import { switchFor } from '../../src/policy/switch.ts'
import { withMode } from '../../src/policy/with-mode.ts'
import { subjectOf } from '../../src/rules/subject.ts'
import { type Standing, violationsOf } from '../../src/rules/violations.ts'

const now = new Date('2026-11-23T12:00:00Z')

function violations(mode: Mode, image: string, name = 'main', ceiling: Mode = 'enforce') {
  const policy = withMode(builtInPolicy(), mode)
  const kind = policy.cluster.kinds.find('', 'Pod')
  const container = {
    list: 'containers',
    name: 'main',
    image,
    field: 'f',
    place: 'p',
    pullPolicyField: 'imagePullPolicy',
  } as const
  const subject = kind && subjectOf(container, kind, policy.cluster)
  if (subject === undefined) throw new Error('no subject')
  const held = switchFor(policy, { name: 'team-a', labels: {} }, now)
  const standing: Standing = { policy, switch: held, namespace: 'team-a', now }
  return violationsOf(subject, standing, name, ceiling)
}

const cases: readonly (readonly [mode: Mode, ceiling: Mode, told: readonly [string, Mode][]])[] = [
  [
    'enforce',
    'enforce',
    [
      ['partialTag', 'enforce'],
      ['stalePull', 'warn'],
    ],
  ],
  [
    'enforce',
    'warn',
    [
      ['partialTag', 'warn'],
      ['stalePull', 'warn'],
    ],
  ],
  [
    'warn',
    'enforce',
    [
      ['partialTag', 'warn'],
      ['stalePull', 'warn'],
    ],
  ],
  [
    'warn',
    'audit',
    [
      ['partialTag', 'audit'],
      ['stalePull', 'audit'],
    ],
  ],
  [
    'audit',
    'enforce',
    [
      ['partialTag', 'audit'],
      ['stalePull', 'audit'],
    ],
  ],
  ['disabled', 'enforce', []],
  ['enforce', 'disabled', []],
]
for (const [mode, ceiling, told] of cases) {
  t.test(`the mildest of the rule, the switch ${mode} and the ceiling ${ceiling}`, async (t) => {
    const { violated } = violations(mode, 'busybox:1.36', 'main', ceiling)
    t.same(
      violated.map((each) => [each.rule, each.mode]),
      told,
    )
  })
}

t.test('an exemption takes a violation away and is named', async (t) => {
  const { violated, exemptions } = violations('enforce', 'auto', 'istio-proxy')
  t.same(violated, [])
  t.ok(exemptions.length > 0)
})
