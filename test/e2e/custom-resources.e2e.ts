/** Kinds of others: what is wrong is said of the object that a person submits, not only of the Pods that come of it. */
import t from 'tap'
import { kindsTable, type WorkloadKind } from '../../src/workload/kinds.ts'
import type { Answer, ApiClient } from '../control-plane/api-client.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { SUBMITTER_NAMESPACE } from '../control-plane/users.ts'
import { workload } from '../fixtures/workloads.ts'
import { apiPath } from './api-path.ts'
import { defineKinds } from './custom-kinds.ts'
import { ENFORCE, policy } from './policy.ts'
import { signal } from './programs.ts'
import { serviceAccount } from './service-account.ts'
import { setUp } from './set-up.ts'
import { causesOf, headlineOf, verdictOf } from './verdict.ts'
import { webhookHealth } from './webhook-health.ts'

const BAD = 'team/app:latest'
const GOOD = 'team/app:1.2.3'

const TABLE = kindsTable()
/** Groups whose kinds the API server has itself. */
const OWN = new Set(['', 'apps', 'batch'])
/** Every kind of the table that has to be defined first. */
const KINDS = TABLE.all.filter(({ group }) => !OWN.has(group))

/** What a person reads first, of the kinds that people of machine learning submit most. */
const WHERE: Readonly<Record<string, string>> = {
  'RayJob.ray.io': 'RayJob "minimal": container "ray-head" of head and 3 more use',
  'PyTorchJob.kubeflow.org': 'PyTorchJob "minimal": container "main" of Master and 1 more use',
  'Job.batch.volcano.sh': 'Job "minimal": container "main" of ps and 1 more use',
  'JobSet.jobset.x-k8s.io': 'JobSet "minimal": container "main" of workers uses',
  'Workflow.argoproj.io': 'Workflow "minimal": image volume "data" and 1 more use',
  'Task.tekton.dev': 'Task "minimal": image volume "data" uses',
  'Service.serving.knative.dev': 'Service "minimal": container "main" uses',
}

type Resource = Record<string, unknown> & { readonly apiVersion: string; readonly kind: string }

const { controlPlane, tallyman } = await setUp(t, { policy: ENFORCE })
const { admin } = controlPlane

await defineKinds(
  admin,
  KINDS.map(({ group, kind, resource, clusterScoped }) => {
    const { apiVersion } = fixture({ group, kind }, GOOD)
    const version = apiVersion.slice(group.length + 1)
    const versions = kind === 'RayJob' ? [version, 'v1alpha1'] : [version]
    return { group, kind, resource, versions, clusterScoped }
  }),
  signal,
)

/** A minimal object, all of its images changed. */
function fixture({ group, kind }: Pick<WorkloadKind, 'group' | 'kind'>, image: string): Resource {
  return JSON.parse(JSON.stringify(workload(group, kind)).replaceAll(`registry.example.com/${GOOD}`, image))
}

function pathOf({ apiVersion, kind }: Resource): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  const known = TABLE.find(group, kind)
  if (known === undefined) throw new Error(`The table has no ${apiVersion} ${kind}`)
  return apiPath(apiVersion, known.resource, known.clusterScoped ? undefined : SUBMITTER_NAMESPACE)
}

function create(object: Resource, client: ApiClient = admin): Promise<Answer> {
  return client.create(pathOf(object), object)
}

for (const kind of KINDS) {
  const name = `${kind.kind}.${kind.group}`
  t.test(`${name} is judged as it is submitted`, async (t) => {
    const denied = await create(fixture(kind, BAD))
    t.ok(headlineOf(denied).startsWith(WHERE[name] ?? `${kind.kind} "minimal": `), 'where')
    const images = JSON.stringify(fixture(kind, BAD)).split(BAD).length - 1
    t.same(
      causesOf(denied).map(({ reason }) => reason),
      Array(images).fill('latestTag'),
      'each image of it',
    )
    t.equal(verdictOf(await create(fixture(kind, GOOD))), 'admitted')
  })
}

t.test("Volcano's Job and Kubernetes' own", async (t) => {
  const own = await create(fixture({ group: 'batch', kind: 'Job' }, BAD))
  const volcano = await create(fixture({ group: 'batch.volcano.sh', kind: 'Job' }, BAD))
  const fieldOf = (answer: Answer) => causesOf(answer)[0]?.field
  t.equal(fieldOf(own), 'spec.template.spec.containers[0].image')
  t.equal(fieldOf(volcano), 'spec.tasks[0].template.spec.containers[0].image')
})

t.test('a version that the paths were not written for', async (t) => {
  const job = fixture({ group: 'ray.io', kind: 'RayJob' }, BAD)
  t.match(verdictOf(await create({ ...job, apiVersion: 'ray.io/v1alpha1' })), /^denied: latestTag/)
})

const task = (name: string, images: readonly string[]): Resource => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'Task',
  metadata: { name },
  spec: { steps: images.map((image) => ({ image, script: 'true' })) },
})
const workflow = (name: string, images: readonly string[]): Resource => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  metadata: { name },
  spec: {
    entrypoint: 'main',
    templates: images.map((image, index) => ({ name: `step-${index}`, container: { image } })),
  },
})

const placeholders: [what: string, object: Resource, verdict: string][] = [
  ['a Task', task('a', ['$(params.image)', 'team/app:$(params.version)']), 'admitted'],
  ['a Task with a bad image beside it', task('b', ['$(params.image)', BAD]), 'denied: latestTag'],
  ["a Task with another kind's", task('c', ['{{inputs.parameters.image}}']), 'denied: invalidReference'],
  ['a Workflow', workflow('a', ['{{inputs.parameters.image}}']), 'admitted'],
  ['a Workflow with a bad image beside it', workflow('b', ['{{item}}', BAD]), 'denied: latestTag'],
  ["a Workflow with another kind's", workflow('c', ['$(params.image)']), 'denied: invalidReference'],
]
t.test('placeholders', async (t) => {
  for (const [what, object, verdict] of placeholders) {
    t.equal(verdictOf(await create(object)), verdict, what)
  }
})

t.test('what comes of placeholders is judged at the Pod', async (t) => {
  const { client } = await serviceAccount(t, controlPlane, 'operators', 'any')
  const owners: [apiVersion: string, kind: string, verdict: string][] = [
    ['tekton.dev/v1', 'TaskRun', 'denied: latestTag'],
    ['argoproj.io/v1alpha1', 'Workflow', 'denied: latestTag'],
    ['ray.io/v1', 'RayCluster', 'admitted'], // judged already, and replaced at night
  ]
  for (const [apiVersion, kind, verdict] of owners) {
    const { body } = await admin.get(`${pathOf({ apiVersion, kind })}/minimal`)
    const { uid } = (body as { metadata: { uid: string } }).metadata
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: kind.toLowerCase(),
        ownerReferences: [{ apiVersion, kind, name: 'minimal', uid, controller: true }],
      },
      spec: { containers: [{ name: 'main', image: BAD }] },
    }
    t.equal(verdictOf(await create(pod, client)), verdict, `of a ${kind}`)
  }
})

t.test('old violators', async (t) => {
  await tallyman.changePolicy(policy({ mode: 'warn' }))
  const job = fixture({ group: 'ray.io', kind: 'RayJob' }, BAD)
  const old = { ...job, metadata: { name: 'old', finalizers: ['ray.io/rayjob-finalizer'] } }
  expectSuccess(await create(old), 'creating a RayJob')
  expectSuccess(await create(task('nameless', [BAD])), 'creating a Task')
  await tallyman.changePolicy(ENFORCE)

  t.test('steps without names excuse one each', async (t) => {
    const path = `${pathOf(task('', []))}/nameless`
    const steps = (images: string[]) => admin.send('PATCH', path, { spec: task('', images).spec as object })
    t.equal(verdictOf(await steps([GOOD, BAD])), 'warned: latestTag', 'moved along')
    t.equal(verdictOf(await steps([GOOD, BAD, BAD])), 'denied: latestTag, warned: latestTag', 'copied')
  })

  t.test('their operator lets go of them', async (t) => {
    const { client } = await serviceAccount(t, controlPlane, 'ray-system', 'kuberay-operator')
    const path = `${pathOf(job)}/old`
    expectSuccess(await admin.send('DELETE', path), 'deleting it')
    const answer = await client.send('PATCH', path, { metadata: { finalizers: [] } })
    t.equal(verdictOf(answer), 'admitted')
    t.equal((await admin.get(path)).status, 404)
  })
})

t.test('what no definition would forbid', async (t) => {
  const spec = (text: string) => ({
    ...fixture({ group: 'ray.io', kind: 'RayJob' }, BAD),
    ...JSON.parse(text),
  })
  const cases: [what: string, text: string, verdict: RegExp][] = [
    // JSON.parse makes it a property like any other, and so it is sent.
    ['a __proto__', `{"__proto__": {"spec": {}}, "metadata": {"name": "proto"}}`, /^denied: latestTag/],
    ['a spec that is a text', `{"spec": "x", "metadata": {"name": "text"}}`, /^denied: invalidReference$/],
  ]
  for (const [what, text, verdict] of cases) t.match(verdictOf(await create(spec(text))), verdict, what)
})

t.test('the API server had an answer to each', async (t) => {
  t.same((await webhookHealth(admin)).errors, [])
})
