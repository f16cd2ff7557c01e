import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import {
  type Answers,
  answeringCluster,
  NAMESPACES,
  namespace,
  POLICIES,
  tagPolicy,
} from './answering-cluster.ts'
import { tallyman } from './memory-terminal.ts'

const CLUSTER: Answers = {
  [POLICIES]: [
    tagPolicy('default', { mode: 'enforce', rules: { needlessPull: 'audit' } }),
    tagPolicy('lab', { mode: 'audit', namespaces: ['lab-*'] }),
    tagPolicy('slip', { mode: 'enforced' }),
  ],
  [NAMESPACES]: [
    namespace('lab-a', { 'tallyman.dev/policy': 'lab' }),
    namespace('team-a', { 'tallyman.dev/mode': 'off' }),
  ],
  [`${NAMESPACES}/lab-a`]: namespace('lab-a', { 'tallyman.dev/policy': 'lab' }),
  [`${NAMESPACES}/team-a`]: namespace('team-a', { 'tallyman.dev/mode': 'off' }),
}

t.test('a namespace of a cluster', async (t) => {
  const kubeconfig = await answeringCluster(t, CLUSTER)
  const show = (...args: string[]) => tallyman(['policy', 'show', ...args, '--kubeconfig', kubeconfig])
  const { code, stdout, stderr } = await show('team-a')
  t.strictSame([code, stderr], [0, ''])
  t.match(stdout, /^Namespace team-a\n {2}mode {8}enforce \(TagPolicy default, mode\)\n/)
  t.match(
    stdout,
    /\n {2}ignored {5}the label tallyman\.dev\/mode="off" is ignored: the mode is called disabled\n/,
  )
  t.match(stdout, /\n {2}needlessPull {6}audit {5}audit {5}TagPolicy default\n/)
  t.match(
    stdout,
    /\nRefused\n {2}TagPolicy slip: spec\.mode: .*did you mean enforce\?\n {2}TagPolicy slip is refused, and so/,
  )
  t.notMatch(stdout, 'Namespaces\n')

  t.match(JSON.parse((await show('lab-a', '-o', 'json')).stdout), {
    namespace: 'lab-a',
    policy: { value: 'lab', from: 'label tallyman.dev/policy' },
    mode: { value: 'audit', from: 'TagPolicy lab, mode' },
    refused: [{ name: 'slip', problems: [{ field: 'spec.mode' }] }],
  })
})

t.test('the cluster as a whole', async (t) => {
  const kubeconfig = await answeringCluster(t, CLUSTER)
  const show = (...args: string[]) => tallyman(['policy', 'show', ...args, '--kubeconfig', kubeconfig])
  const { stdout } = await show()
  t.match(stdout, /^The cluster, wherever a namespace says nothing else\n/)
  t.match(
    stdout,
    /\nNamespaces\n {2}enforce: 1 namespace with default \(TagPolicy default, mode\)\n {6}team-a\n/,
  )
  t.match(stdout, /\n {2}audit: 1 namespace with lab \(TagPolicy lab, mode\)\n {6}lab-a\n/)
  t.match(stdout, /\n {2}team-a: the label tallyman\.dev\/mode="off" is ignored/)
  const data = parse((await show('-o', 'yaml')).stdout)
  t.match(data, { namespace: null, others: [{ name: 'lab', namespaces: ['lab-*'] }] })
  t.strictSame(
    data.namespaces.groups.map(({ namespaces }: { namespaces: string[] }) => namespaces),
    [['team-a'], ['lab-a']],
  )
})

t.test('where the API server does not ask tallyman', async (t) => {
  const all = [namespace('kube-system', { 'tallyman.dev/mode': 'off' }), namespace('team-a')]
  const kubeconfig = await answeringCluster(t, {
    ...CLUSTER,
    [NAMESPACES]: all,
    [`${NAMESPACES}/kube-system`]: namespace('kube-system'),
  })
  const show = (...args: string[]) => tallyman(['policy', 'show', ...args, '--kubeconfig', kubeconfig])
  const SENTENCE =
    '  the API server does not ask tallyman about what is in "kube-system": nothing is denied there\n'
  t.equal((await show('kube-system')).stdout, `Namespace kube-system\n${SENTENCE}`)
  t.match(JSON.parse((await show('kube-system', '-o', 'json')).stdout), {
    judged: false,
    mode: { value: 'enforce' },
  })
  t.equal(JSON.parse((await show('team-a', '-o', 'json')).stdout).judged, undefined)
  const { stdout } = await show()
  t.match(
    stdout,
    /\n {2}enforce: 1 namespace with default .*\n {6}team-a\n {2}the API server does not ask tallyman about what is in 1 namespace: nothing is denied there\n {6}kube-system\n/,
  )
  t.notMatch(stdout, 'is ignored', 'its labels have no effect in any case')
  t.match(JSON.parse((await show('-o', 'json')).stdout), { unjudged: ['kube-system'] })

  const file = join(t.testdirName, 'policy.yaml')
  await writeFile(
    file,
    'apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: default}\nspec: {}\n',
  )
  t.equal(
    (await tallyman(['policy', 'show', 'kube-system', '--policy', file])).stdout,
    `Namespace kube-system, by ${file}\n${SENTENCE}`,
  )
})

t.test('whoever may not list namespaces is told of the rest', async (t) => {
  const kubeconfig = await answeringCluster(t, {
    ...CLUSTER,
    [NAMESPACES]: [403, 'User "owner" cannot list'],
  })
  const { code, stdout, stderr } = await tallyman(['policy', 'show', '--kubeconfig', kubeconfig])
  t.equal(code, 0)
  t.match(stdout, 'enforce (TagPolicy default, mode)')
  t.equal(stderr, 'tallyman: what holds in which namespace is left out: User "owner" cannot list\n')
})

const unreadable: [what: string, answers: Answers, args: string[], says: RegExp][] = [
  ['policies', { ...CLUSTER, [POLICIES]: [403, 'no'] }, [], /^tallyman: the cluster refuses: no\. /],
  [
    'a namespace',
    { ...CLUSTER, [`${NAMESPACES}/team-a`]: [403, 'no'] },
    ['team-a'],
    /^tallyman: the cluster refuses: no\. /,
  ],
  [
    'a namespace that is not there',
    CLUSTER,
    ['team-x'],
    /^tallyman: there is no namespace "team-x" in the cluster; kubectl get/,
  ],
]
for (const [what, answers, args, says] of unreadable)
  t.test(`without ${what} there is no answer`, async (t) => {
    const kubeconfig = await answeringCluster(t, answers)
    const { code, stdout, stderr } = await tallyman(['policy', 'show', ...args, '--kubeconfig', kubeconfig])
    t.strictSame([code, stdout], [2, ''])
    t.match(stderr, says)
  })

t.test('a cluster that knows no TagPolicies', async (t) => {
  const kubeconfig = await answeringCluster(t, { [NAMESPACES]: [] })
  const { code, stdout, stderr } = await tallyman(['policy', 'show', '--kubeconfig', kubeconfig])
  t.equal(code, 0)
  t.match(stdout, 'warn (built-in)')
  t.match(stderr, 'the cluster knows no TagPolicies, so the built-in policy holds')
})

t.test('a file in place of a cluster', async (t) => {
  const text = `apiVersion: tallyman.dev/v1alpha1
kind: TagPolicy
metadata: {name: strict}
spec: {mode: audit, namespaceModes: [{namespaces: ["team-*"], mode: disabled}]}
`
  const file = join(t.testdir({ 'policy.yaml': text }), 'policy.yaml')
  const { stdout } = await tallyman(['policy', 'show', 'team-a', '--policy', file])
  t.match(stdout, `Namespace team-a, by ${file}\n`)
  t.match(
    stdout,
    /\n {2}mode {8}disabled \(TagPolicy strict, namespaceModes\[0\]\)\n {2}policy {6}strict \(TagPolicy strict\)\n/,
  )
  t.match((await tallyman(['policy', 'show', '--policy', file])).stdout, 'audit (TagPolicy strict, mode)')

  const both = await tallyman(['policy', 'show', '--policy', file, '--context', 'prod'])
  t.equal(both.code, 2)
  t.match(both.stderr, 'cannot be used with')
})
