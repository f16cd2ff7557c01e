import { join } from 'node:path'
import t from 'tap'
import { CONFIGURATION, CONFIGURATIONS_PATH, WORKLOADS_ENTRY } from '../../src/cluster/registration.ts'
import { answeringCluster, NAMESPACES, namespace, POLICIES, tagPolicy } from './answering-cluster.ts'
import { tallyman } from './memory-terminal.ts'

const pod = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: m, image: "${image}"}\n`

const verdicts: [args: string[], image: string, code: number][] = [
  [[], 'nginx', 1],
  [[], 'redis:alpine', 0],
  [[], 'nginx:1.25.3', 0],
  [['--fail-on', 'warn'], 'redis:alpine', 1],
  [['--fail-on', 'warn'], 'nginx', 1],
  [['--fail-on', 'warn'], 'nginx:1.25.3', 0],
  [['--fail-on', 'none'], 'nginx', 0],
  [['--mode', 'warn'], 'nginx', 0],
  [['--mode', 'warn', '--fail-on', 'warn'], 'nginx', 1],
  [['--mode', 'disabled', '--fail-on', 'warn'], 'nginx', 0],
]
for (const [args, image, code] of verdicts)
  t.test(`lint ${args.join(' ')} of ${image} ends in ${code}`, async (t) =>
    t.equal((await tallyman(['lint', ...args, '-'], pod(image))).code, code),
  )

t.test('it says how it judged, unless it was told', async (t) => {
  t.match((await tallyman(['lint', '-'], pod('nginx'))).stderr, 'as if the policy were switched to enforce')
  t.equal((await tallyman(['lint', '-', '--mode', 'enforce'], pod('nginx'))).stderr, '')
})

t.test('-f and arguments, several each', async (t) => {
  const directory = t.testdir({ 'a.yaml': pod('nginx'), 'b.yaml': pod('redis'), 'c.yaml': pod('busybox') })
  const path = (name: string) => join(directory, name)
  const { stdout } = await tallyman([
    'lint',
    path('c.yaml'),
    '-f',
    path('a.yaml'),
    '-f',
    path('b.yaml'),
    '-o',
    'json',
  ])
  t.strictSame(
    JSON.parse(stdout).findings.map(({ image }: { image: string }) => image),
    ['nginx', 'redis', 'busybox'],
  )
})

t.test('nothing to read is a mistake', async (t) => {
  const { code, stderr } = await tallyman(['lint'])
  t.equal(code, 2)
  t.match(stderr, /^tallyman: lint needs something to read: tallyman lint -f FILE/)
})

t.test('what could not be read weighs more than what was found', async (t) => {
  const directory = t.testdir({
    'bad.yaml': 'apiVersion: v1\nkind: Pod\nspec: [\n',
    'good.yaml': pod('nginx'),
    'values.yaml': 'image: nginx\n',
  })
  const { code, stdout, stderr } = await tallyman(['lint', '-f', directory])
  t.equal(code, 2)
  t.match(stdout, /good\.yaml:6: error: Pod\/a/)
  t.match(stderr, /tallyman: .*bad\.yaml:\d: /)
  t.match(stderr, '1 file holds no Kubernetes object and was skipped.')
})

t.test('a Helm chart is answered with what to type', async (t) => {
  const directory = t.testdir({
    'my chart': {
      'Chart.yaml': 'apiVersion: v2\nname: web\n',
      'values.yaml': 'image: nginx\n',
      templates: { 'a.yaml': pod('{{ .Values.image }}'), 'b.yaml': pod('{{ .Values.other }}') },
    },
  })
  const { code, stdout, stderr } = await tallyman(['lint', '-f', directory])
  t.equal(code, 2, 'it was not read')
  t.equal(stdout, '0 images in 0 objects: 2 not read.\n')
  t.match(
    stderr,
    `2 files are Helm templates, which only Helm can read: helm template '${directory}/my chart' | tallyman lint -`,
  )
})

t.test('what Helm left unrendered hides no other object', async (t) => {
  const text = `${pod('{{ .Values.image }}')}---\n${pod('nginx')}# {{ .Values.x }}\n`
  const { code, stdout, stderr } = await tallyman(['lint', '-'], text)
  t.equal(code, 2)
  t.match(stdout, /^stdin:13: error: .*1 image in 1 object: 1 error, 1 not read\.\n$/s)
  t.match(
    stderr,
    'tallyman: stdin:6: it is a Helm template that was not rendered; where helm template printed',
  )
  t.notMatch(stderr, '| tallyman lint -', 'that is what was typed')
  const json = JSON.parse((await tallyman(['lint', '-', '-o', 'json'], text)).stdout)
  t.match(json.unread, [{ file: 'stdin', line: 6, message: /^it is a Helm template/ }])
  const sarif = JSON.parse((await tallyman(['lint', '-', '-o', 'sarif'], text)).stdout)
  t.equal(sarif.runs[0].invocations[0].executionSuccessful, false)
})

const nothing: [what: string, text: string, code: number, stderr: RegExp][] = [
  ['nothing', '', 2, /stdin: it is empty, so nothing was judged: did the command before the pipe fail\?\n/],
  ['blanks', '\n\n', 2, /stdin: it is empty/],
  [
    'no YAML',
    '# Title\n\nSome *text*.\n',
    2,
    /stdin: it holds no Kubernetes object, so nothing was judged\n/,
  ],
  ['binary', 'a\0b', 2, /stdin: it is no text\n/],
  ['a List of nothing', 'apiVersion: v1\nkind: List\nitems: []\n', 0, /^$/],
  ['an object without an image', 'apiVersion: v1\nkind: ConfigMap\n', 0, /^$/],
]
for (const [what, text, code, stderr] of nothing) {
  t.test(`${what} ends in ${code}`, async (t) => {
    const directory = t.testdir({ 'named.yaml': text })
    const file = join(directory, 'named.yaml')
    const piped = await tallyman(['lint', '--mode', 'enforce', '-'], text)
    t.equal(piped.code, code)
    t.match(piped.stderr, stderr)
    t.equal(/nothing to mend/.test(piped.stdout), code === 0)
    t.equal((await tallyman(['lint', '-f', file])).code, code, 'a file that is named')
    t.equal((await tallyman(['lint', '-f', directory])).code, 0, 'one of a directory')
  })
}

t.test('what the webhook is not asked about is passed over', async (t) => {
  const within = (namespace: string) =>
    pod('nginx').replace('{name: a}', `{name: a, namespace: ${namespace}}`)
  const args = ['lint', '-', '--mode', 'enforce']
  const system = await tallyman(args, `${within('kube-system')}---\n${within('tallyman')}`)
  t.equal(system.code, 0)
  t.equal(
    system.stderr,
    '2 objects in kube-system and tallyman were skipped: the API server does not ask tallyman about what is there.\n',
  )
  t.match(await tallyman([...args, '-n', 'kube-system'], `${pod('nginx')}---\n${within('team-a')}`), {
    code: 1,
    stdout: /1 image in 1 object: 1 error/,
    stderr: /^1 object in kube-system was skipped/,
  })
})

t.test('the namespace of objects that name none', async (t) => {
  const policy = (namespace: string) => `apiVersion: tallyman.dev/v1alpha1
kind: TagPolicy
metadata: {name: default}
spec:
  exemptions:
    - {name: a, images: [nginx], namespaces: [${namespace}], reason: for the test}
`
  const directory = t.testdir({ 'default.yaml': policy('default'), 'team.yaml': policy('team-*') })
  const code = async (...args: string[]) => (await tallyman(['lint', '-', ...args], pod('nginx'))).code
  t.equal(await code('--policy', join(directory, 'default.yaml')), 0)
  t.equal(await code('--policy', join(directory, 'team.yaml')), 1)
  t.equal(await code('--policy', join(directory, 'team.yaml'), '-n', 'team-a'), 0)
})

t.test('the exemptions that applied are named, with their last day where it is near', async (t) => {
  const soon = new Date(Date.now() + 5 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
  const policy = `apiVersion: tallyman.dev/v1alpha1
kind: TagPolicy
metadata: {name: default}
spec:
  exemptions:
    - {name: applies, images: [nginx], reason: for the test}
    - {name: covers-nothing, images: [redis], reason: for the test}
    - {name: ends-soon, images: [busybox], reason: for the test, expires: ${soon}}
`
  const directory = t.testdir({ 'policy.yaml': policy })
  const args = ['lint', '-', '--mode', 'enforce', '--policy', join(directory, 'policy.yaml')]
  t.equal(
    (await tallyman(args, `${pod('nginx')}---\n${pod('nginx')}`)).stderr,
    'Exempt: 2 objects by applies.\n',
  )
  t.equal(
    (await tallyman(args, pod('busybox'))).stderr,
    `Exempt: 1 object by ends-soon (only until ${soon}).\n`,
  )
  t.equal((await tallyman(args, pod('nginx:1.25.3'))).stderr, '')
})

t.test('each format', async (t) => {
  const stdout = async (format: string) => (await tallyman(['lint', '-', '-o', format], pod('nginx'))).stdout
  t.match(await stdout('text'), /^stdin:6: error: Pod\/a, container "m" \[latestTag\]\n/)
  t.equal(JSON.parse(await stdout('json')).findings.length, 1)
  t.equal(JSON.parse(await stdout('sarif')).version, '2.1.0')
  t.match(await stdout('github'), /^::error file=stdin,line=6,/)
})

t.test('the policies of a cluster judge', async (t) => {
  const kubeconfig = await answeringCluster(t, {
    [POLICIES]: [tagPolicy('default', { mode: 'enforce' }), tagPolicy('lab', { mode: 'warn' })],
    [`${NAMESPACES}/team-a`]: namespace('team-a'),
    [`${NAMESPACES}/lab`]: namespace('lab', { 'tallyman.dev/policy': 'lab' }),
  })
  const lint = (...args: string[]) =>
    tallyman(['lint', '-', '--kubeconfig', kubeconfig, ...args], pod('nginx'))
  const own = await lint()
  t.equal(own.code, 1, "in the kubeconfig's namespace")
  t.equal(
    own.stderr,
    'Judged by what holds in the cluster today; --mode enforce judges what a denial would hit.\n',
  )
  const lab = await lint('-n', 'lab')
  t.equal(lab.code, 0)
  t.match(lab.stdout, 'warning:')
  t.equal((await lint('-n', 'lab', '--mode', 'enforce')).code, 1)
  t.match((await lint('-n', 'nowhere')).stderr, 'tallyman: there is no namespace "nowhere" in the cluster')
})

t.test('the webhook of a cluster says where it is not asked', async (t) => {
  const kubeconfig = await answeringCluster(t, {
    [POLICIES]: [tagPolicy('default', { mode: 'enforce' })],
    [`${NAMESPACES}/lab`]: namespace('lab', { stage: 'test' }),
    [`${CONFIGURATIONS_PATH}/${CONFIGURATION}`]: {
      webhooks: [{ name: WORKLOADS_ENTRY, namespaceSelector: { matchLabels: { stage: 'prod' } } }],
    },
  })
  const lint = (...args: string[]) =>
    tallyman(['lint', '-', '--kubeconfig', kubeconfig, ...args], pod('nginx'))
  t.match(await lint('-n', 'lab'), { code: 0, stderr: /1 object in lab was skipped/ })
})

t.test('what cannot be read of a cluster ends lint before it says anything', async (t) => {
  const kubeconfig = await answeringCluster(t, { [POLICIES]: [], [`${NAMESPACES}/team-a`]: [403, 'no'] })
  const { code, stdout, stderr } = await tallyman(['lint', '-', '--kubeconfig', kubeconfig], pod('nginx'))
  t.strictSame([code, stdout], [2, ''])
  t.match(stderr, 'tallyman: the cluster refuses: no.')
  const both = await tallyman(['lint', '-', '--from-cluster', '--policy', 'a.yaml'], pod('nginx'))
  t.equal(both.code, 2)
  t.match(both.stderr, "cannot be used with option '--policy")
})
