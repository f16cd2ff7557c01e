import t from 'tap'
import { fixedPolicy } from '../../src/server/policy-source.ts'
import { enforcing } from './listening.ts'

t.test('a fixed policy holds everywhere and never changes', async (t) => {
  const source = fixedPolicy(enforcing)
  t.equal(source.policy, enforcing)
  t.strictSame(await source.for('team-a'), { policy: enforcing, namespace: { name: 'team-a', labels: {} } })
  const fail = () => t.fail('there is nothing to tell')
  await source.watch({ loaded: fail, refused: fail }, new AbortController().signal)
})
