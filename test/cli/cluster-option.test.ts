import t from 'tap'
import { ask, connect } from '../../src/cli/cluster-option.ts'
import { ApiError } from '../../src/cluster/api.ts'
import { answeringCluster } from './answering-cluster.ts'

t.test('a kubeconfig leads to a cluster, and says where its user acts', async (t) => {
  const kubeconfig = await answeringCluster(t, { '/version': { gitVersion: 'v1.36.3' } })
  const { api, namespace } = await connect({ kubeconfig })
  t.strictSame(await api.get('/version'), { gitVersion: 'v1.36.3' })
  t.equal(namespace, 'team-a')
})

t.test('what leads nowhere says so', async (t) => {
  await t.rejects(connect({ kubeconfig: 'no-such-file' }), { name: 'LoginError', message: /no-such-file/ })
  const kubeconfig = await answeringCluster(t, {})
  await t.rejects(connect({ kubeconfig, context: 'prod' }), { name: 'LoginError', message: /"prod"/ })
})

const refusals: [status: number, message: string, says: RegExp][] = [
  [
    403,
    'User "a" cannot list',
    /^the cluster refuses: User "a" cannot list\. The ClusterRole tallyman-viewer/,
  ],
  [401, 'Unauthorized', /^the cluster does not know you: Unauthorized\. Log in anew/],
  [0, 'https://127.0.0.1:1 cannot be reached', /^https:\/\/127\.0\.0\.1:1 cannot be reached$/],
  [500, 'a\u001b[2Jb', /^a\\u\{1b\}\[2Jb$/],
]
for (const [status, message, says] of refusals)
  t.test(`a ${status} is told to a person`, async (t) =>
    t.rejects(ask(Promise.reject(new ApiError(message, status, ''))), {
      name: 'CommandError',
      message: says,
    }),
  )

t.test('an answer is an answer, and a fault of ours stays one', async (t) => {
  t.equal(await ask(Promise.resolve(1)), 1)
  await t.rejects(ask(Promise.reject(new RangeError('ours'))), { name: 'RangeError' })
})
