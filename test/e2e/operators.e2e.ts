/** Operators, and those who only pretend: whose Pods come back whatever the policy says, and whose are denied. */
import t from 'tap'
import type { Answer, ApiClient } from '../control-plane/api-client.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { apiPath } from './api-path.ts'
import { defineKinds } from './custom-kinds.ts'
import { ENFORCE, policy } from './policy.ts'
import { signal } from './programs.ts'
import { serviceAccount } from './service-account.ts'
import { setUp } from './set-up.ts'
import { verdictOf } from './verdict.ts'
import { AuditTrail, auditedVerdict } from './verdict-audit.ts'
import { webhookHealth } from './webhook-health.ts'

const BAD = 'nginx:latest'
const PODS = apiPath('v1', 'pods', 'team-a')
const WIDGET = { group: 'example.com', kind: 'Widget', resource: 'widgets', versions: ['v1'] }

const { controlPlane, tallyman } = await setUp(t, { policy: ENFORCE })
const { admin } = controlPlane
const submitter = controlPlane.login('submitter').client
const trail = new AuditTrail(controlPlane.auditLog)

/** What makes Pods for Widgets: one for each, named after it and owned by it. */
class Operator {
  readonly #client: ApiClient

  constructor(client: ApiClient) {
    this.#client = client
  }

  /** Makes a Widget's Pod, unless it is there. */
  async reconcile(name: string): Promise<Answer> {
    const there = await this.#client.get(`${PODS}/${name}`)
    if (there.status === 200) return there
    const widget = await this.#client.get(`${apiPath('example.com/v1', 'widgets', 'team-a')}/${name}`)
    expectSuccess(widget, `reading the Widget ${name}`)
    return await this.#client.create(PODS, podOf(widget.body as Widget))
  }
}

interface Widget {
  readonly metadata: { readonly name: string; readonly uid: string }
  readonly spec: { readonly image: string }
}

function podOf({ metadata: { name, uid }, spec: { image } }: Widget): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ownerReferences: [{ apiVersion: 'example.com/v1', kind: 'Widget', name, uid, controller: true }],
    },
    spec: { containers: [{ name: 'main', image }] },
  }
}

await defineKinds(admin, [WIDGET], signal)
const created = await admin.create(apiPath('example.com/v1', 'widgets', 'team-a'), {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'web' },
  spec: { image: BAD },
})
expectSuccess(created, 'creating a Widget')
const widget = created.body as Widget

const foreign = await serviceAccount(t, controlPlane, 'operators', 'widgets')
const local = await serviceAccount(t, controlPlane, 'team-a', 'widgets')

async function deletePod(name: string): Promise<void> {
  expectSuccess(await submitter.send('DELETE', `${PODS}/${name}`), `deleting the Pod ${name}`)
}

/** What the audit log says of the last Pod that was asked for. */
async function lastAudited(): Promise<unknown> {
  const events = await trail.next()
  const event = events.findLast(({ verb, objectRef }) => verb === 'create' && objectRef?.resource === 'pods')
  return event && auditedVerdict(event)?.findings?.map(({ mode, rule }) => `${mode} ${rule}`)
}

t.test('an operator of another namespace: its Pod comes back', async (t) => {
  const operator = new Operator(foreign.client)
  for (const time of ['at first', 'once it was deleted']) {
    const answer = await operator.reconcile('web')
    t.equal(verdictOf(answer), 'admitted', time)
    t.same(await lastAudited(), ['audit latestTag'], 'and it is in the audit log')
    await deletePod('web')
  }
})

t.test('the same operator in the namespace of its Pods', async (t) => {
  const operator = new Operator(local.client)
  t.equal(verdictOf(await operator.reconcile('web')), 'denied: latestTag', 'is not trusted by itself')
  const [replica] = tallyman.replicas
  const denials = await replica?.metric('tallyman_service_account_denials_total', { user: local.username })
  t.equal(denials, 1, 'and an admin sees whom to trust')

  await tallyman.changePolicy(policy({ mode: 'enforce', cluster: { trustedControllers: [local.username] } }))
  t.equal(verdictOf(await operator.reconcile('web')), 'admitted', 'is once the policy says so')
  t.same(await lastAudited(), ['audit latestTag'])
  await deletePod('web')
  await tallyman.changePolicy(ENFORCE)
})

t.test('who pretends to be a controller', async (t) => {
  const forged = podOf(widget)
  t.equal(verdictOf(await submitter.create(PODS, forged)), 'denied: latestTag', 'a person')
  t.equal(verdictOf(await admin.create(PODS, forged)), 'denied: latestTag', 'an admin')
  t.equal(verdictOf(await local.client.create(PODS, forged)), 'denied: latestTag', 'a program')
  const { ownerReferences: _, ...metadata } = (forged as { metadata: Record<string, unknown> }).metadata
  const bare = await foreign.client.create(PODS, { ...forged, metadata })
  t.equal(verdictOf(bare), 'denied: latestTag', 'an operator whose Pod has no owner')
})

t.test('where the policy counts only the built-in controllers', async (t) => {
  const operator = new Operator(foreign.client)
  const builtIn = (trustedControllers: string[]) =>
    policy({ mode: 'enforce', cluster: { controllers: 'builtIn', trustedControllers } })
  await tallyman.changePolicy(builtIn([]))
  t.equal(verdictOf(await operator.reconcile('web')), 'denied: latestTag')
  await tallyman.changePolicy(builtIn([foreign.username]))
  t.equal(verdictOf(await operator.reconcile('web')), 'admitted', 'but for those that it names')
  await deletePod('web')
})

t.test('where the policy has no mercy on what is owned', async (t) => {
  await tallyman.changePolicy(policy({ mode: 'enforce', ownedObjects: 'enforce' }))
  t.equal(verdictOf(await new Operator(foreign.client).reconcile('web')), 'denied: latestTag')
})

t.test('an update of an old violator', async (t) => {
  await tallyman.changePolicy(policy({ mode: 'warn' }))
  const spec = (image: string) => ({ containers: [{ name: 'main', image }] })
  const old = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'old' }, spec: spec(BAD) }
  expectSuccess(await submitter.create(PODS, old), 'creating an old violator')
  await tallyman.changePolicy(ENFORCE)
  const unrelated = (value: string) => ({ metadata: { labels: { seen: value } } })
  const image = { spec: spec('nginx:1.25') }
  const cases: [what: string, client: ApiClient, patch: object, verdict: string][] = [
    ['by a program, which reads no warnings', local.client, unrelated('program'), 'admitted'],
    ['by a person', submitter, unrelated('person'), 'warned: latestTag'],
    ['by a program that changes the image', local.client, image, 'denied: partialTag'],
  ]
  for (const [what, client, patch, verdict] of cases) {
    const type = 'application/strategic-merge-patch+json'
    t.equal(verdictOf(await client.send('PATCH', `${PODS}/old`, patch, type)), verdict, what)
  }
})

t.test('the API server had an answer to each', async (t) => {
  t.same((await webhookHealth(admin)).errors, [])
})
