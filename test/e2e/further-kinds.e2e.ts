/** Kinds that only a policy knows (spec.cluster.workloads): what it takes until they are judged. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'
import { defineKinds } from './custom-kinds.ts'
import { ENFORCE, policy } from './policy.ts'
import { signal } from './programs.ts'
import { FROM_SOURCES } from './replica.ts'
import { setUp } from './set-up.ts'
import { causesOf, verdictOf } from './verdict.ts'
import { webhookHealth } from './webhook-health.ts'

const run = promisify(execFile)

/** The API server takes up a changed webhook configuration within a second; this leaves room for a busy machine. */
const WITHIN_MS = 30_000

const POLICY = policy({
  mode: 'enforce',
  cluster: {
    workloads: [
      {
        group: 'example.com',
        kind: 'Pipeline',
        resource: 'pipelines',
        podSpecs: ['spec.steps[*].template.spec'],
      },
      {
        group: 'example.com',
        kind: 'Engine',
        resource: 'engines',
        longLived: true,
        images: [{ image: 'spec.image', pullPolicy: 'spec.imagePullPolicy' }],
      },
    ],
  },
})

const BAD = 'nginx:latest'
const OBJECTS: [resource: string, object: object, field: string][] = [
  [
    'pipelines',
    {
      apiVersion: 'example.com/v1',
      kind: 'Pipeline',
      metadata: { name: 'a' },
      spec: { steps: [{}, { template: { spec: { containers: [{ name: 'main', image: BAD }] } } }] },
    },
    'spec.steps[1].template.spec.containers[0].image',
  ],
  [
    'engines',
    { apiVersion: 'example.com/v1', kind: 'Engine', metadata: { name: 'a' }, spec: { image: BAD } },
    'spec.image',
  ],
]

const { controlPlane, tallyman } = await setUp(t, { policy: ENFORCE })
const { admin } = controlPlane
const [replica] = tallyman.replicas

await defineKinds(
  admin,
  [
    { group: 'example.com', kind: 'Pipeline', resource: 'pipelines', versions: ['v1'] },
    { group: 'example.com', kind: 'Engine', resource: 'engines', versions: ['v1'] },
  ],
  signal,
)

const dryRun = (resource: string, object: object) =>
  admin.create(`${apiPath('example.com/v1', resource, 'team-a')}?dryRun=All`, object)

t.test('the API server does not send what its configuration does not list', async (t) => {
  await tallyman.changePolicy(POLICY)
  for (const [resource, object] of OBJECTS) t.equal(verdictOf(await dryRun(resource, object)), 'admitted')
})

t.test('webhook-rules prints what to add', async (t) => {
  const file = join(t.testdir({ 'policy.yaml': POLICY }), 'policy.yaml')
  const { stdout } = await run(process.execPath, [FROM_SOURCES, 'webhook-rules', '--policy', file])
  const webhook = { name: 'image-tags.tallyman.dev', ...(parse(stdout) as object) }
  const path = apiPath('admissionregistration.k8s.io/v1', 'validatingwebhookconfigurations')
  const type = 'application/strategic-merge-patch+json'
  t.equal((await admin.send('PATCH', `${path}/tallyman`, { webhooks: [webhook] }, type)).status, 200)
  await until('the API server to send them', WITHIN_MS, signal, async () => {
    const verdicts = await Promise.all(OBJECTS.map(([resource, object]) => dryRun(resource, object)))
    return verdicts.every((answer) => verdictOf(answer) !== 'admitted') ? true : undefined
  })
  for (const [resource, object, field] of OBJECTS) {
    const answer = await dryRun(resource, object)
    t.equal(verdictOf(answer), 'denied: latestTag', resource)
    t.equal(causesOf(answer)[0]?.field, field)
  }
})

t.test('what is sent and not known passes, and an admin sees it', async (t) => {
  const logged = replica?.log.next(({ msg }) => msg.startsWith('kind passes unjudged'))
  await tallyman.changePolicy(ENFORCE)
  for (const [resource, object] of OBJECTS) t.equal(verdictOf(await dryRun(resource, object)), 'admitted')
  t.match(await logged, { group: 'example.com', kind: 'Pipeline' })
  t.equal(await replica?.metric('tallyman_unjudged_total', { reason: 'kind' }), 2)
})

t.test('the API server had an answer to each', async (t) => {
  t.same((await webhookHealth(admin)).errors, [])
})
