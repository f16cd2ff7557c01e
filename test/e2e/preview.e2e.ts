/** tallyman preview against a real API server: what it finds, what to write instead, and what it says to whom. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { SUBMITTER_NAMESPACE } from '../control-plane/users.ts'
import { DIGEST, OTHER_DIGEST } from '../preview/objects.ts'
import { apiPath } from './api-path.ts'
import { boot } from './boot.ts'
import { defineKinds } from './custom-kinds.ts'
import { copyDeploy, overlayWith } from './deploy-copy.ts'
import { expectDone, kubectl } from './kubectl.ts'
import { policy } from './policy.ts'
import { programs, signal } from './programs.ts'
import { putTagPolicy, tagPoliciesServed } from './tag-policy.ts'
import { tallymanAs } from './tallyman-as.ts'

const controlPlane = await boot(t)
const { admin } = controlPlane
const tallyman = tallymanAs(controlPlane)
const deploy = join(controlPlane.folder, 'deploy')
await copyDeploy(deploy)
const asAdmin = kubectl(programs.kubectl, controlPlane.login('admin').kubeconfig)
expectDone(await asAdmin(['apply', '-k', await overlayWith(deploy, 'own-certificate', [])]))
await tagPoliciesServed(admin, signal)
expectSuccess(await putTagPolicy(admin, policy({ mode: 'warn' })), 'putting a TagPolicy')
await defineKinds(
  admin,
  [
    { group: 'ray.io', kind: 'RayCluster', resource: 'rayclusters', versions: ['v1'] },
    { group: 'ray.io', kind: 'RayJob', resource: 'rayjobs', versions: ['v1'] },
    // The group prefers v1, which has no MPIJobs.
    { group: 'kubeflow.org', kind: 'Notebook', resource: 'notebooks', versions: ['v1', 'v1beta1'] },
    { group: 'kubeflow.org', kind: 'MPIJob', resource: 'mpijobs', versions: ['v2beta1'] },
  ],
  signal,
)

interface Owner {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
}

interface PodOptions {
  readonly labels?: Record<string, string>
  readonly owner?: Owner
  readonly digest?: string
}

const spec = (image: string, restartPolicy: string) => ({
  restartPolicy,
  containers: [{ name: 'main', image }],
})
const template = (image: string, restartPolicy: string) => ({
  metadata: { labels: { app: 'a' } },
  spec: spec(image, restartPolicy),
})

async function create(apiVersion: string, resource: string, namespace: string, body: object): Promise<void> {
  expectSuccess(await admin.create(apiPath(apiVersion, resource, namespace), body), `creating ${resource}`)
}

function metadataOf(name: string, { labels, owner }: PodOptions): object {
  const ownerReferences = owner && [{ ...owner, uid: owner.name, controller: true }]
  return { name, labels, ...(ownerReferences && { ownerReferences }) }
}

/** There are no nodes: what a kubelet would write into the status is written here. */
async function createPod(
  namespace: string,
  name: string,
  image: string,
  options: PodOptions = {},
): Promise<void> {
  await create('v1', 'pods', namespace, { metadata: metadataOf(name, options), spec: spec(image, 'Never') })
  if (options.digest === undefined) return
  const status = {
    name: 'main',
    image,
    imageID: `docker.io/library/${image.split(':')[0]}@${options.digest}`,
    ready: true,
    restartCount: 0,
  }
  const path = `${apiPath('v1', 'pods', namespace)}/${name}/status`
  expectSuccess(
    await admin.send('PATCH', path, { status: { containerStatuses: [status] } }),
    `running ${name}`,
  )
}

async function createDeployment(namespace: string, name: string, image: string): Promise<void> {
  const deployment = { selector: { matchLabels: { app: 'a' } }, template: template(image, 'Always') }
  await create('apps/v1', 'deployments', namespace, { metadata: { name }, spec: deployment })
}

const job = (image: string) => ({ template: template(image, 'Never') })

for (const [name, labels] of [
  ['vision', { team: 'vision' }],
  ['nlp', { team: 'nlp' }],
  ['tidy', {}],
  ['many', { stage: 'lab' }],
] as const)
  await controlPlane.createNamespace(name, labels)
await createDeployment('kube-system', 'dns', 'nginx')
await createDeployment('tidy', 'web', 'nginx:1.25.3')

await createDeployment('vision', 'web', 'busybox:1.36')
const hash = '6c7d9fb9d'
for (const [index, digest] of [DIGEST, OTHER_DIGEST, DIGEST].entries())
  await createPod('vision', `web-${hash}-${index}`, 'busybox:1.36', {
    labels: { 'pod-template-hash': hash },
    owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `web-${hash}` },
    digest,
  })
await create('batch/v1', 'cronjobs', 'vision', {
  metadata: { name: 'night' },
  spec: { schedule: '0 3 * * *', jobTemplate: { spec: job('alpine') } },
})
await create('batch/v1', 'jobs', 'vision', {
  metadata: metadataOf('night-29', { owner: { apiVersion: 'batch/v1', kind: 'CronJob', name: 'night' } }),
  spec: job('alpine'),
})
await createPod('vision', 'night-29-x', 'alpine', {
  owner: { apiVersion: 'batch/v1', kind: 'Job', name: 'night-29' },
  digest: DIGEST,
})

await create('batch/v1', 'jobs', 'nlp', { metadata: { name: 'train' }, spec: job('example.com/nlp/train') })
await createPod('nlp', 'notebook', 'redis:7.2', { digest: OTHER_DIGEST })
const cluster = { headGroupSpec: { template: { spec: spec('ray:2.9', 'Always') } } }
await create('ray.io/v1', 'rayjobs', 'nlp', {
  apiVersion: 'ray.io/v1',
  kind: 'RayJob',
  metadata: { name: 'tune' },
  spec: { rayClusterSpec: cluster },
})
await create('ray.io/v1', 'rayclusters', 'nlp', {
  apiVersion: 'ray.io/v1',
  kind: 'RayCluster',
  metadata: metadataOf('tune-x', { owner: { apiVersion: 'ray.io/v1', kind: 'RayJob', name: 'tune' } }),
  spec: cluster,
})
await createPod('nlp', 'tune-x-head', 'ray:2.9', {
  owner: { apiVersion: 'ray.io/v1', kind: 'RayCluster', name: 'tune-x' },
  digest: DIGEST,
})
const launcher = { Launcher: { template: { spec: spec('example.com/mpi:latest', 'Never') } } }
await create('kubeflow.org/v2beta1', 'mpijobs', 'nlp', {
  apiVersion: 'kubeflow.org/v2beta1',
  kind: 'MPIJob',
  metadata: { name: 'ring' },
  spec: { mpiReplicaSpecs: launcher },
})

const ASSUMED =
  'tallyman: judged as if every switch were enforce; --policy FILE judges by a policy as it stands\n'

t.test('what would be denied, and what runs there now', async (t) => {
  const { code, stdout, stderr } = await tallyman('admin', ['preview', 'vision', 'nlp'])
  t.same({ code, stderr }, { code: 1, stderr: ASSUMED })
  t.equal(
    stdout,
    `Denied at its next run or release: 4 workloads
  NAMESPACE  WORKLOAD      CONTAINER  RULE        IMAGE
  nlp        MPIJob/ring   main       latestTag   example.com/mpi:latest
      image: example.com/mpi:<version>
  nlp        Job/train     main       latestTag   example.com/nlp/train
      image: example.com/nlp/train:<version>
      imagePullPolicy: IfNotPresent
  nlp        Pod/notebook  main       partialTag  redis:7.2
      image: redis:7.2@${OTHER_DIGEST}
  nlp        RayJob/tune   main       partialTag  ray:2.9
      image: ray:2.9@${DIGEST}

Denied only when its image changes: 2 workloads
  NAMESPACE  WORKLOAD        CONTAINER  RULE        IMAGE
  vision     CronJob/night   main       latestTag   alpine
      image: alpine@${DIGEST}
      imagePullPolicy: IfNotPresent
  vision     Deployment/web  main       partialTag  busybox:1.36
      image: busybox:1.36@${DIGEST}
      # 2 versions run under this name now, this one most often

6 workloads would be denied, of 6 in 2 namespaces (13 objects read).
tallyman explain latestTag says what that rule asks.
`,
  )
})

t.test('for programs', async (t) => {
  const { code, stdout } = await tallyman('admin', ['preview', '-l', 'team=vision', '-o', 'json'])
  t.equal(code, 1)
  t.match(JSON.parse(stdout), {
    breakages: [
      { trigger: 'change', kind: 'CronJob', images: [{ running: [DIGEST] }] },
      { kind: 'Deployment', images: [{ running: [DIGEST, OTHER_DIGEST] }] },
    ],
    summary: { workloads: 2, denied: 2, shown: 2, read: 7 },
  })
  const csv = await tallyman('admin', ['preview', 'nlp', '-o', 'csv', '--fail-on', 'none'])
  t.equal(csv.code, 0)
  t.match(csv.stdout, /^nlp,Pod,notebook,next,,main,redis:7\.2,partialTag,redis:7\.2@sha256:b+,,,1,,\r$/m)
})

t.test('what it says to write is admitted, by lint and by the API server', async (t) => {
  const { stdout } = await tallyman('admin', ['preview', 'vision', '-o', 'json'])
  const { breakages } = JSON.parse(stdout)
  const images: string[] = breakages.flatMap(({ images }: { images: { remedy: { image: string } }[] }) =>
    images.map(({ remedy }) => remedy.image),
  )
  t.equal(images.length, 2)
  for (const image of images) {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: spec(image, 'Never') }
    const lint = await tallyman('admin', ['lint', '-'], JSON.stringify(pod))
    t.equal(lint.code, 0, lint.stdout)
    expectSuccess(await admin.create(`${apiPath('v1', 'pods', 'tidy')}?dryRun=All`, pod), image)
  }
})

t.test('how far each team is; what the API server does not ask about is left out', async (t) => {
  const { code, stdout } = await tallyman('policy-owner', [
    'preview',
    '-A',
    '--group-by',
    'team',
    '-o',
    'csv',
  ])
  t.equal(code, 2, 'the role view does not hold custom resources')
  t.equal(stdout, 'team,workloads,denied\r\nnlp,2,2\r\nvision,2,2\r\n,1,0\r\n')
})

t.test('more than one page', async (t) => {
  const COUNT = 230
  for (let index = 0; index < COUNT; index++) await createPod('many', `p${index}`, 'nginx')
  const { stdout } = await tallyman('admin', ['preview', '-l', 'stage=lab', '-o', 'json'])
  t.match(JSON.parse(stdout).summary, { workloads: COUNT, denied: COUNT, read: COUNT })
})

t.test('a policy that is to be tried', async (t) => {
  const file = join(controlPlane.folder, 'tried.yaml')
  await writeFile(file, policy({ mode: 'enforce', enforceFrom: '2099-12-07', rules: { partialTag: 'warn' } }))
  const { code, stdout, stderr } = await tallyman('admin', ['preview', 'vision', '--policy', file])
  t.equal(code, 1)
  t.match(stdout, /CronJob\/night {2}main {7}latestTag {2}2099-12-07 {2}alpine/)
  t.notMatch(stdout, 'Deployment')
  t.match(stderr, 'as it stands')
})

const codes: [args: string[], code: number, said: RegExp][] = [
  [['tidy'], 0, /^Nothing would be denied, of 1 in 1 namespace \(1 object read\)\.$/m],
  [['vision', '--mode', 'warn'], 0, /^Nothing would be denied, of 2/m],
  [['nowhere'], 2, /there is no namespace "nowhere"/],
  [['kube-system'], 0, /does not ask tallyman about what is in "kube-system"/],
  [['-l', 'team in ('], 2, /tallyman: .*unable to parse requirement/],
  [['--context', 'other'], 2, /other/],
]
for (const [args, expected, said] of codes) {
  t.test(`preview ${args.join(' ')}: exit code ${expected}`, async (t) => {
    const { code, stdout, stderr } = await tallyman('admin', ['preview', ...args])
    t.equal(code, expected, stderr)
    t.match(stdout + stderr, said)
  })
}

t.test('a submitter, who may read their own namespace and no policies', async (t) => {
  await createDeployment(SUBMITTER_NAMESPACE, 'mine', 'nginx')
  const own = await tallyman('submitter', ['preview'])
  t.match(own.stdout, /team-a {5}Deployment\/mine {2}main {7}latestTag {2}nginx/)
  t.match(own.stderr, 'you may not read TagPolicies, so the built-in policy is taken')
  t.match(
    own.stderr,
    /could not read rayclusters\.ray\.io, rayjobs\.ray\.io.*: rayclusters\.ray\.io is forbidden/,
  )
  t.equal(own.code, 2, 'custom resources could not be read')

  const other = await tallyman('submitter', ['preview', 'vision'])
  t.equal(other.code, 2)
  t.match(other.stderr, 'judged as one without labels: namespaces "vision" is forbidden: User "submitter"')
  t.match(other.stderr, /could not read .*pods: .*User "submitter" cannot list/)
  t.match(other.stderr, 'the ClusterRole view lets one list them; kubectl create rolebinding')
  t.match(other.stdout, /^Nothing that could be read would be denied, of 0/)

  const all = await tallyman('submitter', ['preview', '-A'])
  t.same({ code: all.code, stdout: all.stdout }, { code: 2, stdout: '' })
  t.match(all.stderr, /^tallyman: the cluster refuses: namespaces is forbidden/)
})

t.test('nothing was changed', async (t) => {
  const { body } = await admin.get(`${apiPath('apps/v1', 'deployments', 'vision')}/web`)
  t.match(body, { metadata: { generation: 1 } })
})
