import t from 'tap'
import { overviewOf } from '../../src/policy/namespace-overview.ts'
import { readTagPolicy } from '../../src/policy/parse.ts'
import { policySet } from '../../src/policy/policy-set.ts'

const TEXT = `apiVersion: tallyman.dev/v1alpha1
kind: TagPolicy
metadata: {name: default}
spec:
  mode: enforce
  enforceFrom: 2026-12-07
  namespaceModes: [{namespaces: ["lab-*"], mode: audit}]
`

t.test('namespaces by what holds in them and why', async (t) => {
  const labels: Record<string, Record<string, string>> = {
    'team-b': {},
    'lab-a': {},
    'team-a': { owner: 'x' },
    strict: { 'tallyman.dev/mode': 'enforce' },
    slip: { 'tallyman.dev/mode': 'enforced', 'tallyman.dev/policy': 'lab' },
  }
  const namespaces = new Map(Object.entries(labels).map(([name, labels]) => [name, { name, labels }]))
  const set = policySet(new Map([['default', readTagPolicy(TEXT, 'policy.yaml')]]))
  const { groups, ignored } = overviewOf(set, namespaces, new Date('2026-11-23'))
  t.strictSame(groups, [
    { policy: 'default', mode: 'enforce', from: 'label tallyman.dev/mode', namespaces: ['strict'] },
    {
      policy: 'default',
      mode: 'warn',
      deniedFrom: '2026-12-07',
      from: 'TagPolicy default, mode',
      namespaces: ['slip', 'team-a', 'team-b'],
    },
    {
      policy: 'default',
      mode: 'audit',
      from: 'TagPolicy default, namespaceModes[0]',
      namespaces: ['lab-a'],
    },
  ])
  t.match(ignored, [
    { namespace: 'slip', why: /policy="lab" is ignored/ },
    { namespace: 'slip', why: /mode="enforced" is ignored/ },
  ])
})
