import t from 'tap'
import { serveCluster } from '../../src/cli/serve-cluster.ts'
import { answeringCluster } from './answering-cluster.ts'

t.test('none, where none is named and this is no Pod', async (t) => {
  t.equal(await serveCluster({ cluster: true }), undefined)
})

t.test('that of a kubeconfig, with its namespace', async (t) => {
  const kubeconfig = await answeringCluster(t, {})
  t.match(await serveCluster({ kubeconfig, cluster: true }), { namespace: 'team-a' })
  t.equal(await serveCluster({ kubeconfig, cluster: false }), undefined, 'unless there is to be none')
})

t.test('a context of no kubeconfig', async (t) => {
  await t.rejects(serveCluster({ context: 'lab', cluster: true }), {
    name: 'CommandError',
    message: /name that too: --kubeconfig FILE/,
  })
})

t.test('a kubeconfig that leads nowhere', async (t) => {
  await t.rejects(serveCluster({ kubeconfig: 'no-such-file', cluster: true }), { name: 'LoginError' })
})
