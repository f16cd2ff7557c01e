import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { connect } from '../../src/cli/cluster-option.ts'
import { policySource } from '../../src/cli/policy-source.ts'
import { answeringCluster } from './answering-cluster.ts'

t.test('the built-in policy, where nothing else is named', async (t) => {
  const { policies, cluster } = await policySource({}, undefined)
  t.match(policies.inForce(), [{ policy: { name: 'default', mode: 'warn' }, version: { hash: 'built-in' } }])
  t.equal(cluster, undefined)
  t.match((await policySource({ mode: 'enforce' }, undefined)).policies.inForce(), [
    { policy: { mode: 'enforce' } },
  ])
})

t.test('a file, also where there is a cluster', async (t) => {
  const kubeconfig = await answeringCluster(t, {})
  const file = join(dirname(kubeconfig), 'policy.yaml')
  await writeFile(
    file,
    'apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: lab}\nspec: {mode: audit}\n',
  )
  const { policies, cluster } = await policySource({ policy: file }, await connect({ kubeconfig }))
  t.match(policies.inForce(), [{ policy: { name: 'lab', mode: 'audit' } }])
  t.equal(cluster, undefined)
})

t.test('a cluster', async (t) => {
  const kubeconfig = await answeringCluster(t, {})
  const { policies, cluster } = await policySource({}, await connect({ kubeconfig }))
  t.ok(cluster)
  t.match(policies.problem?.(), /have not been read yet/)
})
