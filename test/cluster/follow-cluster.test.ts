import t from 'tap'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { followCluster } from '../../src/cluster/follow-cluster.ts'
import { TAG_POLICIES_PATH } from '../../src/policy/custom-resource.ts'
import { cluster, Told, tagPolicy } from './clusters.ts'

t.test('what admission sees of a cluster is what is in force now', async (t) => {
  const server = await cluster(t)
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  const { policies, cluster: view } = followCluster({ api })
  const told = new Told()
  const abort = new AbortController()
  const run = policies.watch(told, abort.signal)
  t.teardown(async () => {
    abort.abort()
    await run
    api.close()
  })
  await policies.ready(abort.signal)
  t.strictSame([...view.namespaces.keys()], ['team-a'])
  t.equal(view.policies.default.mode, 'warn')
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'enforce' }))
  await told.until('loaded default enforce 1')
  t.equal(view.policies.default.mode, 'enforce')
  t.notOk(await view.isJudged({ name: 'kube-system', labels: {} }))
  t.equal(
    await view.mayList({ username: 'dev', groups: [] }, { namespace: 'a', group: '', resource: 'pods' }),
    false,
  )
})
