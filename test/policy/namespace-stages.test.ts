import t from 'tap'
import { namespaceStages } from '../../src/policy/namespace-stages.ts'
import { readTagPolicy } from '../../src/policy/parse.ts'
import { policySet } from '../../src/policy/policy-set.ts'
import type { Namespace } from '../../src/policy/switch.ts'

const TEXT = `apiVersion: tallyman.dev/v1alpha1
kind: TagPolicy
metadata: {name: default}
spec:
  mode: enforce
  enforceFrom: 2026-12-07
  namespaceModes: [{namespaces: ["lab-*"], mode: audit}]
`
const NAMESPACES: readonly Namespace[] = [
  { name: 'lab-a', labels: {} },
  { name: 'team-a', labels: {} },
  { name: 'team-b', labels: {} },
  { name: 'early', labels: { 'tallyman.dev/mode': 'enforce' } },
  { name: 'slow', labels: { 'tallyman.dev/mode': 'warn' } },
]
const set = policySet(new Map([['default', readTagPolicy(TEXT, 'policy.yaml')]]))

function counted(namespaces: readonly Namespace[], now: string) {
  const steps = namespaceStages(set, namespaces, new Date(now))
  for (let count = 0; ; count++) {
    const { done, value } = steps.next()
    if (done) return { count, stages: Object.fromEntries(value) }
  }
}

const cases: [why: string, now: string, stages: Record<string, number>][] = [
  [
    'those whose day is to come warn until then',
    '2026-12-06T23:59:59Z',
    { disabled: 0, audit: 1, warn: 1, enforceLater: 2, enforce: 1 },
  ],
  ['on the day they enforce', '2026-12-07', { disabled: 0, audit: 1, warn: 1, enforceLater: 0, enforce: 3 }],
]
for (const [why, now, stages] of cases)
  t.test(why, async (t) => t.same(counted(NAMESPACES, now), { count: NAMESPACES.length, stages }))

t.test('without namespaces every stage is there, at 0', async (t) =>
  t.same(counted([], '2026-12-07').stages, { disabled: 0, audit: 0, warn: 0, enforceLater: 0, enforce: 0 }),
)
