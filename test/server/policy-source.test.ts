import t from 'tap'
import type { ClusterListener } from '../../src/cluster/cluster-listener.ts'
import { fixedPolicy } from '../../src/server/policy-source.ts'
import { enforcing } from './listening.ts'

t.test('a fixed policy holds everywhere and never changes', async (t) => {
  const source = fixedPolicy(enforcing)
  t.strictSame(source.inForce(), [{ policy: enforcing, version: { hash: 'built-in' } }])
  t.equal(source.refused, 0)
  t.strictSame(await source.for('team-a'), { policy: enforcing, namespace: { name: 'team-a', labels: {} } })
  const nothing = new Proxy({} as ClusterListener, { get: () => t.fail('there is nothing to tell') })
  await source.watch(nothing, new AbortController().signal)
})
