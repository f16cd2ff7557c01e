import type { Test } from 'tap'
import type { AuditEvent } from '../control-plane/audit-log.ts'
import type { ControllerIdentity } from '../control-plane/controller-manager.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'
import { LONG_RUNNING, type LongRunning } from './long-running.ts'
import { ENFORCE, policy } from './policy.ts'
import { noControllers, signal } from './programs.ts'
import { type SetUp, setUp } from './set-up.ts'
import { verdictOf } from './verdict.ts'
import { AuditTrail, auditedVerdict } from './verdict-audit.ts'
import { webhookHealth } from './webhook-health.ts'

/** Controllers act within a second or two, after a conflict a little later; this leaves room for a busy machine. */
const WITHIN_MS = 60_000

const PODS = apiPath('v1', 'pods', 'team-a')
const DEPLOYMENTS = apiPath('apps/v1', 'deployments', 'team-a')

/** What each controller makes of LONG_RUNNING. */
const MADE: readonly (readonly [account: string, resource: string])[] = [
  ['cronjob-controller', 'jobs'],
  ['daemon-set-controller', 'controllerrevisions'],
  ['daemon-set-controller', 'pods'],
  ['deployment-controller', 'replicasets'],
  ['job-controller', 'pods'],
  ['replicaset-controller', 'pods'],
  ['replication-controller', 'pods'],
  ['statefulset-controller', 'controllerrevisions'],
  ['statefulset-controller', 'pods'],
]

/** How the controllers call themselves. */
const USERS: Readonly<Record<ControllerIdentity, (account: string) => string>> = {
  'service-accounts': (account) => `system:serviceaccount:kube-system:${account}`,
  'one-user': () => 'system:kube-controller-manager',
}

/**
 * Workloads are admitted while the policy warns. Once it denies, the controllers still make, change and clear away what
 * belongs to them.
 */
export function testControllers(t: Test, identity: ControllerIdentity): void {
  t.test(`controllers that act as ${identity}`, { skip: noControllers }, async (t) => {
    const cluster = await setUp(t, { controllers: identity, policy: policy({ mode: 'warn' }) })
    const { controlPlane, tallyman } = cluster
    const { admin } = controlPlane
    const submitter = controlPlane.login('submitter').client
    expectSuccess(await admin.create(apiPath('v1', 'nodes'), node('node-1')), 'creating a node')

    t.test('while the policy warns', async (t) => {
      for (const { kind, path, object } of LONG_RUNNING)
        t.equal(verdictOf(await submitter.create(path, object)), 'warned: latestTag', kind)
      // The Job is not asked for Pods yet, and the CronJob not due.
      for (const { name } of LONG_RUNNING.slice(0, 4)) await podOf(cluster, name)
    })

    const policies: [name: string, text: string][] = [
      ['enforce', ENFORCE],
      [
        'enforce, for the built-in controllers only',
        policy({ mode: 'enforce', cluster: { controllers: 'builtIn' } }),
      ],
    ]
    for (const [index, [name, text]] of policies.entries()) {
      t.test(`once the policy says ${name}`, async (t) => {
        await tallyman.changePolicy(text)
        await denied(t, cluster)
        await comesBack(t, cluster, identity, index + 1)
      })
    }

    t.test('a Job completes', async () => {
      for (const { metadata } of await pods(cluster, 'job')) {
        const done = { status: { phase: 'Succeeded' } }
        expectSuccess(await admin.send('PATCH', `${PODS}/${metadata.name}/status`, done), 'ending a Pod')
      }
      await until('the Job to complete', WITHIN_MS, signal, async () => {
        const { body } = await submitter.get(`${apiPath('batch/v1', 'jobs', 'team-a')}/job`)
        const { conditions = [] } = (body as { status: { conditions?: { type: string }[] } }).status
        return conditions.some(({ type }) => type === 'Complete') ? true : undefined
      })
    })

    t.test('what has a finalizer goes once that is removed', async (t) => {
      const path = `${DEPLOYMENTS}/deployment`
      const finalizers = (list: string[]) => submitter.send('PATCH', path, { metadata: { finalizers: list } })
      t.equal(verdictOf(await finalizers(['example.com/hold'])), 'warned: latestTag')
      expectSuccess(await submitter.send('DELETE', `${path}?propagationPolicy=Foreground`), 'deleting it')
      // The garbage collector removes its own finalizer when the ReplicaSets are gone.
      await until('the ReplicaSets to be gone', WITHIN_MS, signal, async () => {
        const { body } = await submitter.get(path)
        const left = (body as { metadata: { finalizers: string[] } }).metadata.finalizers
        return left.includes('foregroundDeletion') ? undefined : true
      })
      t.equal(verdictOf(await finalizers([])), 'warned: latestTag', 'a person removes it')
      t.equal((await submitter.get(path)).status, 404)
    })

    t.test('a namespace goes', async () => {
      expectSuccess(await admin.send('DELETE', '/api/v1/namespaces/team-a'), 'deleting the namespace')
      await until('the namespace to be gone', WITHIN_MS, signal, async () =>
        (await admin.get('/api/v1/namespaces/team-a')).status === 404 ? true : undefined,
      )
    })

    t.test('nothing of this was denied, or let through for want of an answer', async (t) => {
      const denials = tallyman.replicas.map((replica) =>
        replica.metric('tallyman_service_account_denials_total'),
      )
      t.same(await Promise.all(denials), [0])
      t.same((await webhookHealth(admin)).errors, [])
    })
  })
}

/** A person who would make one of them now is denied: else the rest would prove nothing. */
async function denied(t: Test, { controlPlane }: SetUp): Promise<void> {
  const submitter = controlPlane.login('submitter').client
  for (const { kind, path, object } of LONG_RUNNING) {
    const another = { ...object, metadata: { name: 'another' } }
    t.equal(verdictOf(await submitter.create(path, another)), 'denied: latestTag', `another ${kind}`)
  }
}

/** Pods are deleted, asked for, due; templates get a label, so that new ReplicaSets and ControllerRevisions are needed. */
async function comesBack(
  t: Test,
  cluster: SetUp,
  identity: ControllerIdentity,
  round: number,
): Promise<void> {
  const { controlPlane } = cluster
  const trail = new AuditTrail(controlPlane.auditLog)
  await trail.next()
  const before = new Set((await pods(cluster)).map(({ metadata }) => metadata.uid))
  for (const workload of LONG_RUNNING)
    t.equal(await disturb(cluster, workload, round), 'warned: latestTag', workload.kind)

  const user = USERS[identity]
  const wanted = new Set(MADE.map(([account, resource]) => `${user(account)} ${resource}`))
  const asked: AuditEvent[] = []
  await until('the controllers to make what is missing', WITHIN_MS, signal, async () => {
    asked.push(
      ...(await trail.next()).filter((event) => isCreate(event) && event.user.username !== 'submitter'),
    )
    const made = new Set(asked.filter(succeeded).map(makes))
    return [...wanted].every((maker) => made.has(maker)) ? true : undefined
  }).catch((error: Error) => t.fail(error.message, { asked: asked.map(makes) }))
  t.same(new Set(asked.map(makes)), wanted, 'the controllers that are known, and no other')
  t.notOk(
    asked.find(({ responseStatus }) => responseStatus?.code === 403),
    'none was denied',
  )
  t.same(
    new Set(asked.filter(succeeded).map(findings)),
    new Set(['audit latestTag']),
    'each with a note in the audit log',
  )

  for (const { name } of LONG_RUNNING) await podOf(cluster, name, before)
}

/** Waits until a workload has a Pod that was not there before. */
async function podOf(cluster: SetUp, name: string, before: ReadonlySet<string> = new Set()): Promise<void> {
  await until(`a Pod of the ${name}`, WITHIN_MS, signal, async () => {
    const there = (await pods(cluster, name)).some(({ metadata }) => !before.has(metadata.uid))
    return there ? true : undefined
  })
}

/** @returns the verdict on the submitter's change */
async function disturb(
  { controlPlane }: SetUp,
  { kind, path, name }: LongRunning,
  round: number,
): Promise<string> {
  const submitter = controlPlane.login('submitter').client
  const patch = async (spec: object) => verdictOf(await submitter.send('PATCH', `${path}/${name}`, { spec }))
  if (kind === 'Job') return await patch({ parallelism: round })
  if (kind === 'CronJob') {
    const verdict = await patch({ schedule: `0 0 ${round} 1 *` })
    // As if it had slept for years: the last time that it missed is due at once.
    const status = { lastScheduleTime: '2020-01-10T00:00:00Z' }
    expectSuccess(
      await controlPlane.admin.send('PATCH', `${path}/${name}/status`, { status }),
      'a CronJob that is late',
    )
    return verdict
  }
  const verdict = await patch({ template: { metadata: { annotations: { round: String(round) } } } })
  expectSuccess(await submitter.send('DELETE', `${PODS}?labelSelector=app=${name}`), 'deleting the Pods')
  return verdict
}

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string }
}

/** The Pods of a workload, or of all, that are not about to go. */
async function pods({ controlPlane }: SetUp, app?: string): Promise<Pod[]> {
  const answer = await controlPlane.admin.get(app === undefined ? PODS : `${PODS}?labelSelector=app=${app}`)
  expectSuccess(answer, 'listing Pods')
  return (answer.body as { items: Pod[] }).items.filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  )
}

function isCreate({ verb, objectRef }: AuditEvent): boolean {
  const { resource = '', subresource = '', namespace } = objectRef ?? {}
  return (
    verb === 'create' &&
    subresource === '' &&
    namespace === 'team-a' &&
    MADE.some(([, made]) => made === resource)
  )
}

const succeeded = ({ responseStatus }: AuditEvent) => responseStatus?.code === 201
const makes = ({ user, objectRef }: AuditEvent) => `${user.username} ${objectRef?.resource}`
const findings = (event: AuditEvent) =>
  String(auditedVerdict(event)?.findings?.map(({ mode, rule }) => `${mode} ${rule}`))

function node(name: string): object {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name } }
}
