/** What a policy owner types and sees, as the README has it: every block of its section is played, in its order. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import type { Answer } from '../control-plane/api-client.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { apiPath } from './api-path.ts'
import { compileCache } from './compile-cache.ts'
import { inFull } from './in-full.ts'
import { kubectlEnvironment } from './kubectl.ts'
import { policy } from './policy.ts'
import { programs } from './programs.ts'
import { FROM_SOURCES } from './replica.ts'
import { theReplica } from './replicas.ts'
import { setUp } from './set-up.ts'
import { atTerminal } from './terminal.ts'
import { words } from './transcript.ts'

const README = fileURLToPath(new URL('../../README.md', import.meta.url))
const SECTION = '### From nothing to enforce in two weeks'
const TALLYMAN = 'npm run --silent tallyman -- '

/** The day in the README; where it has come, another one stands for it. */
const WRITTEN_DAY = '2026-12-07'
const DAY = new Date(Date.now() + 10 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)

const { controlPlane, tallyman } = await setUp(t, {
  policy: policy({ mode: 'warn' }),
  components: ['preview'],
})
const { admin } = controlPlane
const digest = (version: string) => `sha256:${createHash('sha256').update(version).digest('hex')}`

for (const team of ['vision', 'nlp']) {
  await controlPlane.createNamespace(team)
  const labels = { metadata: { labels: { team } } }
  expectSuccess(
    await admin.send('PATCH', `${apiPath('v1', 'namespaces')}/${team}`, labels),
    `labelling ${team}`,
  )
}

const template = (app: string, image: string) => ({
  metadata: { labels: { app } },
  spec: { restartPolicy: 'Always', containers: [{ name: 'main', image }] },
})

async function create(path: string, body: object): Promise<Answer> {
  const answer = await admin.create(path, body)
  expectSuccess(answer, `creating at ${path}`)
  return answer
}

async function deployment(namespace: string, name: string, image: string): Promise<void> {
  const spec = { replicas: 2, selector: { matchLabels: { app: name } }, template: template(name, image) }
  await create(apiPath('apps/v1', 'deployments', namespace), {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec,
  })
}

/** What the controllers and the kubelet would make of it: there are none here. */
async function runningPod(
  namespace: string,
  of: string,
  index: number,
  image: string,
  runs: string,
): Promise<void> {
  const hash = '6c7d9fb9d'
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: `${of}-${hash}`,
    uid: 'u',
    controller: true,
  }
  const metadata = {
    name: `${of}-${hash}-${index}`,
    labels: { app: of, 'pod-template-hash': hash },
    ownerReferences: [owner],
  }
  const pods = apiPath('v1', 'pods', namespace)
  await create(pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec: template(of, image).spec })
  const state = {
    name: 'main',
    image,
    imageID: `${image.split(':')[0]}@${runs}`,
    ready: true,
    restartCount: 0,
    state: {},
  }
  expectSuccess(
    await admin.send('PATCH', `${pods}/${metadata.name}/status`, { status: { containerStatuses: [state] } }),
    'writing the status of a Pod',
  )
}

const WEB = 'registry.console.elementai.com/vision/web:1.4'
await deployment('vision', 'web', WEB)
await runningPod('vision', 'web', 0, WEB, digest('1.4.1'))
await runningPod('vision', 'web', 1, WEB, digest('1.4.2'))
await runningPod('vision', 'web', 2, WEB, digest('1.4.2'))
await deployment('vision', 'labeller', 'registry.console.elementai.com/vision/labeller:2.0.1')
await deployment('nlp', 'search', 'registry.console.elementai.com/nlp/search:3.1.4')
const job = {
  template: {
    ...template('train', 'registry.console.elementai.com/nlp/train'),
    spec: { ...template('train', 'registry.console.elementai.com/nlp/train').spec, restartPolicy: 'Never' },
  },
}
await create(apiPath('batch/v1', 'jobs', 'nlp'), {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'train' },
  spec: job,
})
// Labelling is for those who may edit namespaces; here the owner may, in these two.
const role = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'labels' },
  rules: [{ apiGroups: [''], resources: ['namespaces'], verbs: ['patch', 'update'] }],
}
await create('/apis/rbac.authorization.k8s.io/v1/clusterroles', role)
await create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'labels' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'labels' },
  subjects: [{ kind: 'User', name: 'policy-owner', apiGroup: 'rbac.authorization.k8s.io' }],
})

const readme = readFileSync(README, 'utf8')
const start = readme.indexOf(SECTION)
const section = readme.slice(start, readme.indexOf('\n### ', start + 1))
const blocks = [...section.matchAll(/^```console\n\$ (.*)\n([\s\S]*?)\n?^```$/gm)].map(
  ([, command = '', output = '']) => ({ command, output }),
)

t.ok(blocks.length >= 6, 'the section shows commands')

let written = readme
for (const { command, output } of blocks) {
  if (command.includes('--policy')) continue // of a file, which the README's own test runs
  await t.test(command, async (t) => {
    // What is asked afterwards is asked of a tallyman that has taken it up.
    const changes =
      command.startsWith('kubectl patch') && output.endsWith('patched') && !command.includes('--dry-run')
    const inForce = changes ? theReplica(tallyman).log.next('policy in force') : undefined
    const ask = async () => (await type(command.replaceAll(WRITTEN_DAY, DAY))).replaceAll(DAY, WRITTEN_DAY)
    const printed = await inFull(ask, (said) => said === output || !command.includes('--dry-run'))
    await inForce
    if (t.writeSnapshot) written = written.replace(`$ ${command}\n${output}\n`, `$ ${command}\n${printed}\n`)
    else t.equal(printed, output)
  })
}
t.teardown(() => {
  if (written !== readme) writeFileSync(README, written)
})

/** What a terminal shows of a command that the policy owner types. */
async function type(command: string): Promise<string> {
  const { kubeconfig } = controlPlane.login('policy-owner')
  if (command.startsWith(TALLYMAN)) {
    const env = { ...compileCache, ...kubectlEnvironment(kubeconfig), NODE_OPTIONS: '' }
    const args = [FROM_SOURCES, ...command.slice(TALLYMAN.length).split(' ')]
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env }).catch(
      (ended) => ended,
    )
    return `${stderr}${stdout}`.trimEnd()
  }
  const [, ...args] = words(command)
  return (await atTerminal(programs.kubectl, kubeconfig, args, controlPlane.folder)).output.trimEnd()
}
