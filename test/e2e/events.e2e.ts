/** What somebody sees on a ReplicaSet whose Pods are denied, with the component events. */
import t from 'tap'
import type { OwnerEvent } from '../../src/admission/owner-event.ts'
import { connect } from '../../src/cli/cluster-option.ts'
import { EventWriter } from '../../src/cluster/event-writer.ts'
import { readAuditLog } from '../control-plane/audit-log.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'
import { expectDone } from './kubectl.ts'
import { policy } from './policy.ts'
import { noControllers, signal } from './programs.ts'
import { setUp } from './set-up.ts'
import { verdictOf } from './verdict.ts'

const ACCOUNT = 'system:serviceaccount:tallyman:tallyman'
/** Controllers act within a second or two, and an Event is written at once; this leaves room for a busy machine. */
const WITHIN_MS = 60_000

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'nginx:latest' }] },
    },
  },
}
const WRONG =
  'container "main" uses nginx:latest, which changes with every push; use a tag that is pushed once'

t.test('kubectl describe tells why Pods are missing', { skip: noControllers }, async (t) => {
  const { as, controlPlane, tallyman } = await setUp(t, {
    controllers: 'service-accounts',
    components: ['events'],
    policy: policy({ mode: 'warn' }),
    replicas: 2,
  })
  const submitter = as('submitter')
  /** The Events that kubectl describes of a kind, as soon as there is one of that reason. */
  const described = async (kind: string, reason: string) =>
    await until(`${reason} on the ${kind}`, WITHIN_MS, signal, async () => {
      const text = expectDone(await submitter(['describe', kind, '-l', 'app=web']))
      const events = text.slice(text.indexOf('\nEvents:')).split('\n')
      const lines = events.filter((line) => line.includes(reason)).map((line) => line.trim())
      return lines.length > 0 ? lines.map((line) => line.split(/ {2,}/)) : undefined
    })

  await t.test('a finding that only the audit log tells, on the Deployment', async (t) => {
    const path = apiPath('apps/v1', 'deployments', 'team-a')
    const created = await controlPlane.login('submitter').client.create(path, DEPLOYMENT)
    t.equal(verdictOf(created), 'warned: latestTag')
    const [event, ...more] = await described('deployment', 'ImageTagFinding')
    t.match(event, ['Warning', 'ImageTagFinding', /^\d+s$/, 'tallyman', /^ReplicaSet "web-[0-9a-z]+": /])
    t.equal(event?.at(-1)?.replace(/^.*?: /, ''), WRONG)
    t.same(more, [])
  })

  await t.test('a denial, on the ReplicaSet', async (t) => {
    await tallyman.changePolicy(policy({ mode: 'enforce', ownedObjects: 'enforce' }))
    expectDone(await submitter(['scale', 'deployment', 'web', '--replicas=2']))
    const [event, ...more] = await described('replicaset', 'ImageTagDenied')
    t.match(event, ['Warning', 'ImageTagDenied', /^\d+s/, 'tallyman', /^Pod "web-[0-9a-z.-]+": /])
    t.equal(event?.at(-1)?.replace(/^.*?: /, ''), WRONG)
    t.same(more, [], 'two Pods and two replicas of tallyman, and it is said once')
  })

  await t.test('tallyman wrote nothing else, and was refused nothing', async (t) => {
    const events = await readAuditLog(controlPlane.auditLog)
    const own = events.filter(
      ({ user, verb, objectRef }) =>
        user.username === ACCOUNT && objectRef?.resource === 'events' && verb !== 'watch',
    )
    t.ok(own.some(({ verb, responseStatus }) => verb === 'create' && responseStatus?.code === 201))
    t.same(
      own.filter(({ responseStatus }) => ![200, 201, 409].includes(responseStatus?.code ?? 0)),
      [],
      'a 409 says that the other replica was first',
    )
    for (const replica of tallyman.replicas) {
      t.equal(await replica.metric('tallyman_events_total', { outcome: 'failed' }), 0)
      t.equal(await replica.metric('tallyman_events_total', { outcome: 'dropped' }), 0)
    }
  })

  await t.test('three writers count into one Event, also after somebody has deleted it', async (t) => {
    const cluster = await connect({ kubeconfig: controlPlane.login('admin').kubeconfig })
    const stop = new AbortController()
    const { name, uid } = await replicaSet()
    const owner = { apiVersion: 'apps/v1', group: 'apps', kind: 'ReplicaSet', name, uid }
    const reason = 'ImageTagDenied'
    const said: OwnerEvent = { owner, namespace: 'team-a', reason, note: 'Counted: a', topic: 'Counted' }
    const failures: string[] = []
    const listener = { written: () => {}, failed: ({ message }: Error) => void failures.push(message) }
    const pace = { restMs: 1, repeatMs: 1, retryMs: 10 }
    const writers = [1, 2, 3].map(
      (each) =>
        new EventWriter({ api: cluster.api, instance: `${each}`, now: () => cluster.api.now(), pace }),
    )
    const runs = writers.map((writer) => writer.run(listener, stop.signal))
    const counted = async (count: number) =>
      await until(`a count of ${count}`, WITHIN_MS, signal, async () => {
        const [event] = (await allEvents()).filter(({ note }) => note.startsWith('Counted'))
        return event?.series?.count === count ? true : undefined
      })
    for (let times = 0; times < 4; times++) for (const writer of writers) writer.note(said)
    await counted(12)
    t.match(await described('replicaset', 'Counted'), [[/./, /./, /^\d+s \(x12 over \d+s\)$/]])
    expectDone(await as('admin')(['delete', 'events', '-n', 'team-a', '--all']))
    for (const writer of writers) writer.note(said)
    await counted(3)
    t.same(failures, [])
    stop.abort()
    await Promise.all(runs)
  })

  async function allEvents() {
    const answer = await controlPlane.admin.get(apiPath('events.k8s.io/v1', 'events', 'team-a'))
    expectSuccess(answer, 'listing Events')
    return (answer.body as { items: { note: string; series?: { count: number } }[] }).items.filter(
      ({ note }) => note !== undefined,
    )
  }

  async function replicaSet() {
    const answer = await controlPlane.admin.get(apiPath('apps/v1', 'replicasets', 'team-a'))
    expectSuccess(answer, 'listing ReplicaSets')
    const [first] = (answer.body as { items: { metadata: { name: string; uid: string } }[] }).items
    if (first === undefined) throw new Error('There is no ReplicaSet')
    return first.metadata
  }
})
