/** Ways around the policy that somebody may try, by intent or by accident: each is judged as the design says. */
import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { ApiClient } from '../control-plane/api-client.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { apiPath } from './api-path.ts'
import { ENFORCE, policy } from './policy.ts'
import { setUp } from './set-up.ts'
import { causesOf, headlineOf, verdictOf } from './verdict.ts'
import { AuditTrail, auditedVerdict } from './verdict-audit.ts'
import { webhookHealth } from './webhook-health.ts'

const BAD = 'nginx:latest'
const GOOD = 'nginx:1.25.3'

const PODS = apiPath('v1', 'pods', 'team-a')
const DEPLOYMENTS = apiPath('apps/v1', 'deployments', 'team-a')

interface Container {
  readonly name: string
  readonly image: string
  readonly imagePullPolicy?: string
  readonly env?: readonly { name: string; value: string }[]
}
interface Lists {
  readonly containers: readonly Container[]
  readonly initContainers?: readonly Container[]
}

const container = (name: string, image: string, more: Partial<Container> = {}): Container => ({
  name,
  image,
  ...more,
})
const pod = (name: string, spec: Lists, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec,
})
const deployment = (name: string, spec: Lists) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec },
  },
})

/** The API server writes each of these as six bytes when it asks a webhook. */
const padding = (bytes: number) => [{ name: 'PADDING', value: '<'.repeat(bytes) }]

/** Near what etcd takes at all (1.5 MiB with the rest of the Pod). */
const LARGEST = 1_450_000

const { controlPlane, tallyman } = await setUp(t, { policy: policy({ mode: 'warn' }) })
const { admin } = controlPlane
const submitter = controlPlane.login('submitter').client
const trail = new AuditTrail(controlPlane.auditLog)

/** Before is admitted while the policy warns, after is asked for once it denies. */
const updates: [name: string, before: Lists, after: Lists, verdict: string][] = [
  [
    'reordered',
    { containers: [container('main', BAD), container('side', GOOD)] },
    { containers: [container('side', GOOD), container('main', BAD)] },
    'warned: latestTag',
  ],
  [
    'given an environment variable',
    { containers: [container('main', BAD)] },
    { containers: [container('main', BAD, { env: [{ name: 'A', value: 'b' }] })] },
    'warned: latestTag',
  ],
  [
    'renamed',
    { containers: [container('main', BAD)] },
    { containers: [container('renamed', BAD)] },
    'denied: latestTag',
  ],
  [
    'moved to the init containers',
    { containers: [container('main', BAD), container('side', GOOD)] },
    { containers: [container('side', GOOD)], initContainers: [container('main', BAD)] },
    'denied: latestTag',
  ],
  [
    'moved from the init containers',
    { containers: [container('side', GOOD)], initContainers: [container('main', BAD)] },
    { containers: [container('side', GOOD), container('main', BAD)] },
    'denied: latestTag',
  ],
  [
    'duplicated under another name',
    { containers: [container('main', BAD)] },
    { containers: [container('main', BAD), container('copy', BAD)] },
    'denied: latestTag, warned: latestTag',
  ],
  [
    'exchanged for another of the names',
    { containers: [container('main', BAD), container('side', GOOD)] },
    { containers: [container('main', GOOD), container('side', BAD)] },
    'denied: latestTag',
  ],
  [
    'given another pull policy',
    { containers: [container('main', BAD)] },
    { containers: [container('main', BAD, { imagePullPolicy: 'IfNotPresent' })] },
    'denied: latestTag',
  ],
  [
    'given another bad tag',
    { containers: [container('main', BAD)] },
    { containers: [container('main', 'nginx:1.25')] },
    'denied: partialTag',
  ],
  ['mended', { containers: [container('main', BAD)] }, { containers: [container('main', GOOD)] }, 'admitted'],
]

t.test('containers of an old violator, in an update', async (t) => {
  for (const [index, [, before]] of updates.entries()) {
    expectSuccess(await submitter.create(DEPLOYMENTS, deployment(`old-${index}`, before)), 'an old violator')
  }
  await tallyman.changePolicy(ENFORCE)
  for (const [index, [name, , after, verdict]] of updates.entries()) {
    const spec = { initContainers: null, ...after }
    const patch = { spec: { template: { spec } } }
    const answer = await submitter.send('PATCH', `${DEPLOYMENTS}/old-${index}`, patch)
    t.equal(verdictOf(answer), verdict, name)
  }
})

t.test('a rollback to an old violator is a change', async (t) => {
  const mended = updates.findIndex(([name]) => name === 'mended')
  const spec = { containers: [container('main', BAD)] }
  const answer = await submitter.send('PATCH', `${DEPLOYMENTS}/old-${mended}`, {
    spec: { template: { spec } },
  })
  t.equal(verdictOf(answer), 'denied: latestTag')
})

t.test('an apply that creates is a creation', async (t) => {
  const path = `${DEPLOYMENTS}/applied?fieldManager=test`
  const apply = (image: string) =>
    submitter.send(
      'PATCH',
      path,
      deployment('applied', { containers: [container('main', image)] }),
      'application/apply-patch+yaml',
    )
  t.equal(verdictOf(await apply(BAD)), 'denied: latestTag')
  t.equal(verdictOf(await apply(GOOD)), 'admitted')
  t.equal(verdictOf(await apply(BAD)), 'denied: latestTag', 'and one that changes is a change')
})

t.test('a bad image beside 1.45 MB that grow six times on their way', async (t) => {
  const large = (image: string) =>
    pod('large', { containers: [container('main', image, { env: padding(LARGEST) })] })
  t.equal(verdictOf(await submitter.create(PODS, large(BAD))), 'denied: latestTag', 'a creation')
  t.equal(verdictOf(await submitter.create(PODS, large(GOOD))), 'admitted')

  // Both objects are in the review: 17.4 MB.
  const patch = (body: object) =>
    submitter.send('PATCH', `${PODS}/large`, body, 'application/strategic-merge-patch+json')
  const image = { spec: { containers: [container('main', BAD)] } }
  t.equal(verdictOf(await patch(image)), 'denied: latestTag', 'an update of two such objects')
  t.equal(verdictOf(await patch({ metadata: { labels: { team: 'a' } } })), 'admitted')
})

t.test('the annotation of a mirror Pod', async (t) => {
  const node = (await admin.create(apiPath('v1', 'nodes'), {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1' },
  })) as { body: { metadata: { uid: string } } }
  const annotations = { 'kubernetes.io/config.mirror': randomUUID() }
  const owner = {
    apiVersion: 'v1',
    kind: 'Node',
    name: 'node-1',
    uid: node.body.metadata.uid,
    controller: true,
  }
  const mirror = (name: string) =>
    pod(name, { nodeName: 'node-1', containers: [container('main', BAD)] } as Lists, {
      annotations,
      ownerReferences: [owner],
    })
  const kubelet = await controlPlane.addUser({
    name: 'system:node:node-1',
    groups: ['system:nodes'],
    about: 'the kubelet of node-1',
  })
  await trail.next()
  const cases: [who: string, client: ApiClient, verdict: string, audited: string][] = [
    ['a person', submitter, 'denied: latestTag', 'enforce'],
    ['the node', kubelet.client, 'admitted', 'audit'],
  ]
  for (const [who, client, verdict, audited] of cases) {
    t.equal(verdictOf(await client.create(PODS, mirror('mirror'))), verdict, `written by ${who}`)
    const [event] = (await trail.next()).filter(({ objectRef }) => objectRef?.resource === 'pods')
    t.equal(event && auditedVerdict(event)?.findings?.[0]?.mode, audited)
  }
})

t.test('an ephemeral container', async (t) => {
  expectSuccess(await submitter.create(PODS, pod('debugged', { containers: [container('main', GOOD)] })), '')
  // The role `edit` does not hold this right.
  const debug = (name: string) =>
    admin.send(
      'PATCH',
      `${PODS}/debugged/ephemeralcontainers`,
      { spec: { ephemeralContainers: [container(name, 'busybox')] } },
      'application/strategic-merge-patch+json',
    )
  t.equal(verdictOf(await debug('first')), 'warned: latestTag', 'warns at most, as the policy says')
  await tallyman.changePolicy(policy({ mode: 'enforce', ephemeralContainers: 'enforce' }))
  const denied = await debug('second')
  t.equal(verdictOf(denied), 'denied: latestTag', 'nothing is said of the first, which nobody can change')
  t.match(headlineOf(denied), /^Pod "debugged": ephemeral container "second" uses busybox, /)
  await tallyman.changePolicy(ENFORCE)
})

t.test('a ControllerRevision written by hand', async (t) => {
  const set = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      replicas: 0,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: { containers: [container('main', GOOD)] } },
    },
  }
  const created = await submitter.create(apiPath('apps/v1', 'statefulsets', 'team-a'), set)
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', controller: true }
  const revision = (name: string, image: string) => ({
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      labels: { app: 'db' },
      ownerReferences: [{ ...owner, uid: (created.body as { metadata: { uid: string } }).metadata.uid }],
    },
    revision: 7,
    data: { spec: { template: { $patch: 'replace', spec: { containers: [container('main', image)] } } } },
  })
  const path = apiPath('apps/v1', 'controllerrevisions', 'team-a')
  const denied = await admin.create(path, revision('db-bad', BAD))
  t.equal(verdictOf(denied), 'denied: latestTag')
  t.same(
    causesOf(denied).map(({ field }) => field),
    ['data.spec.template.spec.containers[0].image'],
  )
  t.equal(verdictOf(await admin.create(path, revision('db-good', GOOD))), 'admitted')
})

t.test('namespaces that are not registered', async (t) => {
  const template = { template: { spec: { containers: [container('main', BAD)] } }, metadata: { name: 'a' } }
  const cases: [namespace: string, verdict: RegExp][] = [
    ['kube-system', /^admitted$/],
    ['tallyman', /^warned: would violate PodSecurity/], // which is the API server's own remark
    ['kube-public', /^denied: latestTag$/],
  ]
  for (const [namespace, verdict] of cases) {
    const answer = await admin.create(apiPath('v1', 'podtemplates', namespace), template)
    t.match(verdictOf(answer), verdict, namespace)
  }
})

t.test('the API server had an answer to each', async (t) => {
  t.same((await webhookHealth(admin)).errors, [])
})
