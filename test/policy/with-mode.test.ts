import t from 'tap'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import { switchFor } from '../../src/policy/switch.ts'
import { withMode } from '../../src/policy/with-mode.ts'

const NOW = new Date('2026-11-23T12:00:00Z')

t.test('the mode holds everywhere and at once', async (t) => {
  const dated = parsePolicy(
    `{apiVersion: tallyman.dev/v1alpha1, kind: TagPolicy, metadata: {name: default}, spec: {mode: enforce, enforceFrom: 2026-12-07, namespaceModes: [{namespaces: [a], mode: audit}]}}`,
    'policy.yaml',
  )
  const enforced = withMode(dated, 'enforce')
  for (const [name, labels] of [
    ['a', {}],
    ['b', {}],
    ['', {}],
    ['a', { 'tallyman.dev/mode': 'disabled' }],
  ] as const) {
    const { mode, deniedFrom } = switchFor(enforced, { name, labels }, NOW)
    t.same([mode, deniedFrom], ['enforce', undefined], name)
  }
  t.equal(switchFor(dated, { name: 'a', labels: {} }, NOW).mode, 'audit', 'the policy itself is as it was')
})

t.test('the rest stays', async (t) => {
  const policy = withMode(builtInPolicy(), 'audit')
  t.equal(policy.rules, builtInPolicy().rules)
  t.equal(policy.cluster.kinds, builtInPolicy().cluster.kinds)
  t.ok(Object.isFrozen(policy) && Object.isFrozen(policy.namespaceModes) && Object.isFrozen(policy.cluster))
})
