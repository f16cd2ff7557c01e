import t from 'tap'
import { connect } from '../../src/cli/cluster-option.ts'
import { eventWriter } from '../../src/cli/event-writer.ts'
import { said } from '../cluster/owner-events.ts'
import { answeringCluster } from './answering-cluster.ts'

t.test('it writes into the cluster', async (t) => {
  const writer = await eventWriter(await connect({ kubeconfig: await answeringCluster(t, {}) }))
  t.ok(writer.note(said()))
})

t.test('without a cluster it says what to do', (t) =>
  t.rejects(eventWriter(undefined), { name: 'CommandError', message: /--kubeconfig FILE/ }),
)
