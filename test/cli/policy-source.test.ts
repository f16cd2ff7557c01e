import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { policySource } from '../../src/cli/policy-source.ts'
import { answeringCluster } from './answering-cluster.ts'

const OUTSIDE = { cluster: false } as const

t.test('the built-in policy, where nothing else is named', async (t) => {
  const { policies, cluster } = await policySource(OUTSIDE)
  t.match(policies.inForce(), [{ policy: { name: 'default', mode: 'warn' }, version: { hash: 'built-in' } }])
  t.equal(cluster, undefined)
  t.match((await policySource({ ...OUTSIDE, mode: 'enforce' })).policies.inForce(), [
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
  const { policies, cluster } = await policySource({ policy: file, kubeconfig, cluster: true })
  t.match(policies.inForce(), [{ policy: { name: 'lab', mode: 'audit' } }])
  t.equal(cluster, undefined)
})

t.test('a cluster that a kubeconfig leads to', async (t) => {
  const kubeconfig = await answeringCluster(t, {})
  const { policies, cluster } = await policySource({ kubeconfig, cluster: true })
  t.ok(cluster)
  t.match(policies.problem?.(), /have not been read yet/)
})

t.test('a context of no kubeconfig', async (t) => {
  await t.rejects(policySource({ context: 'lab', cluster: true }), {
    name: 'CommandError',
    message: /name that too: --kubeconfig FILE/,
  })
})

t.test('a kubeconfig that leads nowhere', async (t) => {
  await t.rejects(policySource({ kubeconfig: 'no-such-file', cluster: true }), { name: 'LoginError' })
})
