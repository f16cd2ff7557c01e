import t from 'tap'
import { CONFIGURATIONS_PATH } from '../../src/cluster/registration.ts'
import { TAG_POLICIES_PATH } from '../../src/policy/custom-resource.ts'
import { cluster, configuration, following, NAMESPACES_PATH, namespace, tagPolicy } from './clusters.ts'
import { type Asked, answer, refuse } from './scripted-api-server.ts'

t.test('a policy that somebody makes, changes, breaks, mends and deletes', async (t) => {
  const server = await cluster(t)
  const { policies, told, ready, modeIn } = following(t, server)
  await ready()
  t.equal(await modeIn('team-a'), 'default warn', 'the built-in one')
  t.strictSame(
    told.lines.filter((line) => line.startsWith('loaded')),
    ['loaded default warn built-in'],
  )

  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'enforce' }))
  await told.until('loaded default enforce 1')
  t.equal(await modeIn('team-a'), 'default enforce')
  t.match(policies.inForce(), [
    { policy: { name: 'default' }, version: { generation: 1, hash: /^[0-9a-f]{64}$/ } },
  ])

  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'off' }, 2))
  await told.until('refused TagPolicy default: spec.mode: there is no "off": the mode is called disabled')
  t.equal(await modeIn('team-a'), 'default enforce', 'the last good one')
  t.equal(policies.refused, 1)

  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'audit' }, 3))
  await told.until('loaded default audit 3')
  t.equal(policies.refused, 0)

  server.store.remove(TAG_POLICIES_PATH, 'default')
  await told.until('loaded default warn built-in', 2)
  t.equal(await modeIn('team-a'), 'default warn')
})

t.test('a refused policy is told of once, whatever becomes of its status', async (t) => {
  const server = await cluster(t)
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'off' }))
  const { told, ready } = following(t, server)
  await ready()
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'off' }, 1, { observedGeneration: 1 }))
  server.store.put(TAG_POLICIES_PATH, tagPolicy('lab', { mode: 'audit' }))
  await told.until('loaded lab audit 1')
  t.equal(told.lines.filter((line) => line.startsWith('refused')).length, 1)
})

t.test('one that starts over a refused policy has the last accepted one in force', async (t) => {
  const server = await cluster(t)
  const accepted = { generation: 4, spec: { mode: 'enforce' } }
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'off' }, 5, { accepted }))
  const { ready, modeIn, told } = following(t, server)
  await ready()
  t.equal(await modeIn('team-a'), 'default enforce')
  t.ok(told.lines.includes('loaded default enforce 4'))
})

t.test('a namespace chooses by its label, and only the labels that are ours are kept', async (t) => {
  const server = await cluster(t)
  server.store.put(TAG_POLICIES_PATH, tagPolicy('lab', { mode: 'disabled' }))
  server.store.put(NAMESPACES_PATH, namespace('lab', { 'tallyman.dev/policy': 'lab' }))
  const { policies, ready, modeIn, told } = following(t, server)
  await ready()
  t.equal(await modeIn('lab'), 'lab disabled')
  t.equal(await modeIn(''), 'default warn', 'cluster scope')
  t.strictSame(policies.namespaces.get('lab')?.labels, { 'tallyman.dev/policy': 'lab' })
  t.equal(policies.namespaces.get('team-a')?.labels, policies.namespaces.get('team-a')?.labels)
  server.store.remove(TAG_POLICIES_PATH, 'lab')
  await told.until('gone lab')
  t.equal(await modeIn('lab'), 'default warn')
})

t.test('namespaces are counted by their stage, once they were read', async (t) => {
  const server = await cluster(t)
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'enforce', enforceFrom: '2026-12-07' }))
  server.store.put(NAMESPACES_PATH, namespace('early', { 'tallyman.dev/mode': 'enforce' }))
  const { policies, ready } = following(t, server, { now: () => new Date('2026-12-06') })
  t.equal(await policies.namespaceStages(), undefined, 'not known yet')
  await ready()
  t.same(Object.fromEntries((await policies.namespaceStages()) ?? []), {
    disabled: 0,
    audit: 0,
    warn: 0,
    enforceLater: 1,
    enforce: 1,
  })
})

t.test('a namespace that the watch has not brought yet is asked for, once for all who wait', async (t) => {
  const server = await cluster(t)
  const { ready, policies } = following(t, server)
  await ready()
  await server.watched(3) // what is asked from now on is asked for a verdict
  const asked = () => server.asked.filter(({ path }) => path === `${NAMESPACES_PATH}/new`).length
  server.script('GET', (response) =>
    answer(response, 200, namespace('new', { 'tallyman.dev/mode': 'audit' })),
  )
  const found = await Promise.all([policies.for('new'), policies.for('new')])
  for (const { namespace } of found) t.strictSame(namespace.labels, { 'tallyman.dev/mode': 'audit' })
  t.equal(asked(), 1)

  server.script('GET', (response) => refuse(response, 404, 'NotFound', 'not found'))
  t.strictSame(
    (await policies.for('new')).namespace,
    { name: 'new', labels: {} },
    'one that does not exist has no labels',
  )
  server.script('GET', (response) => refuse(response, 500, 'InternalError', 'etcd is away'))
  await t.rejects(Promise.resolve(policies.for('new')), /etcd is away/, 'where nobody knows, nobody guesses')
})

t.test('before everything was read, nothing is judged', async (t) => {
  const server = await cluster(t)
  const refused = server.next(({ path }) => path === NAMESPACES_PATH)
  server.script('list', (response) => refuse(response, 500, 'InternalError', 'not yet'))
  server.script('list', (response) => refuse(response, 500, 'InternalError', 'not yet'))
  server.script('list', (response) => refuse(response, 500, 'InternalError', 'not yet'))
  const { policies, ready, told } = following(t, server)
  t.match(policies.problem(), /^the TagPolicies and namespaces of the cluster have not been read yet$/)
  t.throws(() => policies.for('team-a'), /have not been read yet/)
  await refused
  await ready()
  t.equal(policies.problem(), undefined)
  t.ok(told.lines.includes('lost namespaces'))
})

t.test('what is known holds while the API server is away', async (t) => {
  const server = await cluster(t)
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'enforce' }))
  const { policies, ready, modeIn, told } = following(t, server)
  await ready()
  await server.watched(3)
  await server.stop()
  await told.until('lost tagpolicies')
  t.equal(await modeIn('team-a'), 'default enforce')
  t.equal(policies.problem(), undefined, 'it stays ready')
  t.ok(policies.followed.find(({ resource }) => resource === 'tagpolicies')?.lostSince)
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'audit' }, 2))
  await server.listen()
  await told.until('loaded default audit 2')
})

t.test('a cluster without the kind TagPolicy has none, and learns of it', async (t) => {
  const server = await cluster(t, { installed: false })
  const { ready, modeIn, told } = following(t, server)
  await ready()
  t.equal(await modeIn('team-a'), 'default warn')
  server.store.install(TAG_POLICIES_PATH)
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'enforce' }))
  await told.until('loaded default enforce 1')
})

t.test('--mode replaces the switch of each', async (t) => {
  const server = await cluster(t)
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'enforce' }))
  const { ready, modeIn } = following(t, server, { mode: 'audit' })
  await ready()
  t.equal(await modeIn('team-a'), 'default audit')
})

t.test('no policy is in force that never was: a hundred changes, each seen as a whole', async (t) => {
  const server = await cluster(t)
  const { policies, told, ready } = following(t, server)
  await ready()
  const seen = new Set<string>()
  const stop = new AbortController()
  const looking = (async () => {
    while (!stop.signal.aborted) {
      const { policy } = await policies.for('team-a')
      // Mode and help belong together in each version.
      if (policy.helpURL !== undefined) seen.add(`${policy.mode} ${policy.helpURL}`)
      await new Promise((turn) => setImmediate(turn))
    }
  })()
  for (let generation = 1; generation <= 100; generation++) {
    const mode = generation % 2 === 0 ? 'enforce' : 'warn'
    server.store.put(
      TAG_POLICIES_PATH,
      tagPolicy('default', { mode, helpURL: `https://${mode}.example.com/` }, generation),
    )
    if (generation % 10 === 0) server.cutConnections()
  }
  await told.until('loaded default enforce 100')
  stop.abort()
  await looking
  for (const pair of seen) t.match(pair, /^(\w+) https:\/\/\1\./)
})

const statusPace = { jitterMs: 1, restMs: 1 }
const isPut = ({ method }: Asked) => method === 'PUT'
/** The condition Registered of the status that a request writes. */
const registeredIn = ({ body }: Asked) => JSON.parse(body).status.conditions[1]

t.test('what became of a policy is written into its status', async (t) => {
  const server = await cluster(t)
  const rule = { apiGroups: ['*'], operations: ['*'], resources: ['*', '*/*'] }
  server.store.put(CONFIGURATIONS_PATH, configuration([rule]))
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'enforce' }))
  const first = server.next(isPut)
  const { told } = following(t, server, { statusPace })
  const { path, body } = await first
  t.equal(path, `${TAG_POLICIES_PATH}/default/status`)
  t.match(JSON.parse(body).status, {
    observedGeneration: 1,
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Registered', status: 'True' },
    ],
    accepted: { generation: 1, spec: { mode: 'enforce' } },
    namespaces: { count: 1, names: ['team-a'] },
  })
  const next = server.next(isPut)
  server.store.put(CONFIGURATIONS_PATH, configuration([{ ...rule, resources: ['pods', 'pods/*'] }]))
  await told.until(/^unsent PodTemplate, /)
  t.match(registeredIn(await next), { status: 'False', reason: 'KindsNotSent', message: /PodTemplate/ })
})

t.test('a webhook configuration that is deleted is told of, and so is its return', async (t) => {
  const server = await cluster(t)
  const { told, policies, ready } = following(t, server)
  await ready()
  await server.watched(3)
  t.match(policies.registered(), { installed: true })
  server.store.remove(CONFIGURATIONS_PATH, 'tallyman')
  await told.until('installed false')
  t.match(policies.registered(), { installed: false, unsent: [] })
  server.store.put(CONFIGURATIONS_PATH, configuration())
  await told.until('installed true')
  t.match(policies.registered(), { installed: true })
})

t.test('a webhook configuration that may not be read is unknown', async (t) => {
  const server = await cluster(t)
  server.store.uninstall(CONFIGURATIONS_PATH)
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', {}))
  const put = server.next(isPut)
  following(t, server, { statusPace })
  t.match(registeredIn(await put), { status: 'Unknown', reason: 'Unread' })
})

t.test('one that cannot be read any more is known for a minute', async (t) => {
  const server = await cluster(t)
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', {}))
  let later = 0
  const first = server.next(isPut)
  const { told, policies } = following(t, server, { statusPace, now: () => new Date(Date.now() + later) })
  t.match(registeredIn(await first), { status: 'True' })
  server.store.uninstall(CONFIGURATIONS_PATH)
  server.cutConnections()
  await told.until('lost validatingwebhookconfigurations')
  t.match(policies.registered(), { registration: { status: 'True' } })
  later = 120_000
  t.match(policies.registered(), { registration: { status: 'Unknown' } })
})

t.test('whoever cannot follow the cluster writes no status', async (t) => {
  const server = await cluster(t)
  const { told, ready } = following(t, server, { statusPace })
  await ready()
  await server.watched(3)
  server.store.uninstall(NAMESPACES_PATH)
  server.cutConnections()
  await told.until('lost namespaces')
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', {}))
  await told.until('loaded default warn 1')
  for (let tries = 0; tries < 2; tries++) await server.next(({ path }) => path === NAMESPACES_PATH)
  t.notOk(server.asked.some(isPut))
  const put = server.next(isPut)
  server.store.install(NAMESPACES_PATH)
  server.store.put(NAMESPACES_PATH, namespace('team-b'))
  t.match(JSON.parse((await put).body).status.namespaces, { names: ['team-b'] })
})

t.test('a change of one policy leaves the others as they were compiled', async (t) => {
  const server = await cluster(t)
  server.store.put(TAG_POLICIES_PATH, tagPolicy('lab', { mode: 'audit' }))
  const { told, ready, policies } = following(t, server)
  await ready()
  const lab = policies.policies.find('lab')
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'enforce' }))
  await told.until('loaded default enforce 1')
  t.equal(policies.policies.find('lab'), lab)
})
