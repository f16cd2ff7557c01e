import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { connect } from '../../src/cli/cluster-option.ts'
import { previewPolicies } from '../../src/cli/preview-policies.ts'
import { answeringCluster, NAMESPACES, namespace, POLICIES, tagPolicy } from './answering-cluster.ts'

t.test('a file is named in full', async (t) => {
  const kubeconfig = await answeringCluster(t, { [NAMESPACES]: [] })
  const file = join(t.testdirName, 'a-policy-that-is-to-be-tried-before-it-is-applied.yaml')
  await writeFile(
    file,
    'apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: default}\nspec: {}\n',
  )
  const { api } = await connect({ kubeconfig })
  const { remarks } = await previewPolicies(api, [], { allNamespaces: true, policy: file })
  t.match(remarks.at(-1), `judged by ${file} as it stands; `)
})

// What is made of it is tested with the command.
t.test('each namespace keeps the policy that its label chooses, switched', async (t) => {
  const kubeconfig = await answeringCluster(t, {
    [NAMESPACES]: [
      namespace('team-a'),
      namespace('lab', { 'tallyman.dev/policy': 'lab', 'tallyman.dev/mode': 'disabled' }),
    ],
    [POLICIES]: [tagPolicy('lab', { mode: 'disabled', rules: { latestTag: 'warn' } })],
  })
  const { api } = await connect({ kubeconfig })
  const { after, namespaces } = await previewPolicies(api, [], { allNamespaces: true })
  t.strictSame([...namespaces.keys()], ['team-a', 'lab'])
  t.match(after('lab').policy, { name: 'lab', mode: 'enforce', rules: { latestTag: 'warn' } })
  t.match(after('team-a').policy, { name: 'default', mode: 'enforce' })
  t.equal(after('lab').policy, after('lab').policy, 'made once')
})
