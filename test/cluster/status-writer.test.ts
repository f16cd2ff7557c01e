import { EventEmitter, once } from 'node:events'
import t from 'tap'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { Reflector } from '../../src/cluster/reflector.ts'
import { StatusWriter } from '../../src/cluster/status-writer.ts'
import { accept, type StoredPolicy, storedPolicy } from '../../src/policy/accepted.ts'
import { TAG_POLICIES_PATH } from '../../src/policy/custom-resource.ts'
import { policySet } from '../../src/policy/policy-set.ts'
import { cluster, tagPolicy } from './clusters.ts'
import { answer, refuse, type Script } from './scripted-api-server.ts'

const PACE = { jitterMs: 10, restMs: 5, lookAgainMs: 60_000 }
type Server = Awaited<ReturnType<typeof cluster>>

/** A replica, as far as statuses go. */
function replica(t: Parameters<typeof cluster>[0], server: Server) {
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  const policies = new Reflector<StoredPolicy>({ api, path: TAG_POLICIES_PATH, project: storedPolicy })
  const failures: string[] = []
  const events = new EventEmitter()
  const writer = new StatusWriter({
    api,
    observed: () => {
      const accepted = accept(policies.items.values(), new Map())
      const sources = new Map([...accepted].map(([name, { tagPolicy }]) => [name, tagPolicy]))
      const registration = { status: 'True' } as const
      return {
        stored: [...policies.items.values()],
        cluster: { accepted, policies: policySet(sources), namespaces: [], registration },
      }
    },
    failed: (error) => {
      failures.push(error.message)
      events.emit('failed')
    },
    now: () => new Date('2026-11-27T00:00:00Z'),
    pace: PACE,
  })
  const abort = new AbortController()
  const changed = () => {
    writer.due()
    events.emit('changed')
  }
  const runs = [policies.run({ changed, failed: () => {} }, abort.signal), writer.run(abort.signal)]
  t.teardown(async () => {
    abort.abort()
    await Promise.all(runs)
    api.close()
  })
  const generation = (name: string) => policies.items.get(name)?.generation
  return {
    failures,
    failed: () => once(events, 'failed'),
    changed: () => once(events, 'changed'),
    generation,
  }
}

/** A writer of one policy, whose 500 globs take in none of 10,000 namespaces; both ends with the test. */
async function largeCluster(t: Parameters<typeof cluster>[0]) {
  const server = await cluster(t)
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  const namespaces = Array.from({ length: 10_000 }, (_, index) => ({ name: `team-${index}`, labels: {} }))
  const exemptions = Array.from({ length: 50 }, (_, index) => ({
    name: `e${index}`,
    images: ['a'],
    reason: 'r',
    namespaces: Array.from({ length: 10 }, (_, each) => `lab-${index}-${each}`),
  }))
  const object = tagPolicy('default', { exemptions })
  const stored = storedPolicy({ ...object, metadata: { ...object.metadata, resourceVersion: '1' } })
  const accepted = accept([stored], new Map())
  const set = policySet(new Map([...accepted].map(([name, { tagPolicy }]) => [name, tagPolicy])))
  const tried = { globs: 0 }
  const counted = {
    ...set.default,
    exemptions: set.default.exemptions.map((exemption) => ({
      ...exemption,
      matchesNamespace: (name: string) => {
        tried.globs += 10
        return exemption.matchesNamespace(name)
      },
    })),
  }
  const policies = { ...set, find: () => counted }
  const writer = new StatusWriter({
    api,
    observed: () => ({
      stored: [stored],
      cluster: { accepted, policies, namespaces: [...namespaces], registration: { status: 'True' } },
    }),
    failed: () => {},
    now: () => new Date('2026-11-27T00:00:00Z'),
    pace: { ...PACE, jitterMs: 0 },
  })
  const abort = new AbortController()
  const run = writer.run(abort.signal)
  t.teardown(async () => {
    abort.abort()
    await run
    api.close()
  })
  const round = async () => {
    const written = server.next(({ method }) => method === 'PUT')
    server.script('PUT', (response) => answer(response, 200, {}))
    writer.due()
    return JSON.parse((await written).body).status
  }
  return { round, namespaces, tried }
}

/** Writes a status as an API server does: over the newest version only. */
function put(server: Server): Script {
  return (response, { path, body }) => {
    const name = path.split('/').at(-2)
    const current = server.store.objects(TAG_POLICIES_PATH).find(({ metadata }) => metadata.name === name)
    const { metadata, status } = JSON.parse(body)
    if (current === undefined || metadata.resourceVersion !== current.metadata.resourceVersion)
      return refuse(response, 409, 'Conflict', 'the object has been modified')
    server.store.put(TAG_POLICIES_PATH, { ...current, status })
    answer(response, 200, {})
  }
}

const writes = (server: Server) => server.asked.filter(({ method }) => method === 'PUT').length

t.test('three replicas agree, and then they are quiet', async (t) => {
  const server = await cluster(t)
  for (let times = 0; times < 50; times++) server.script('PUT', put(server))
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'enforce' }))
  server.store.put(TAG_POLICIES_PATH, tagPolicy('lab', { mode: 'off' }))
  for (let index = 0; index < 3; index++) replica(t, server)
  const written = () => server.store.objects(TAG_POLICIES_PATH).every(({ status }) => status !== undefined)
  while (!written()) await server.next(({ method }) => method === 'PUT')
  t.match(server.store.objects(TAG_POLICIES_PATH), [
    {
      status: {
        observedGeneration: 1,
        conditions: [{ type: 'Ready', status: 'True' }, { type: 'Registered' }],
      },
    },
    { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Refused' }] } },
  ])
  t.ok(writes(server) <= 6, `each replica tries each at most once: ${writes(server)}`)

  // The next change shows that nobody writes in between.
  const before = writes(server)
  const next = server.next(({ method, body }) => method === 'PUT' && body.includes('"observedGeneration":2'))
  server.store.put(TAG_POLICIES_PATH, {
    ...server.store.objects(TAG_POLICIES_PATH)[0],
    ...tagPolicy('default', { mode: 'warn' }, 2),
  })
  t.match(JSON.parse((await next).body), { metadata: { name: 'default', uid: 'default' } })
  t.ok(writes(server) - before <= 6)
})

t.test('what a round writes is of one moment, also of what changes while it writes', async (t) => {
  const server = await cluster(t)
  for (const name of ['a', 'b']) server.store.put(TAG_POLICIES_PATH, tagPolicy(name, {}))
  const { changed, generation } = replica(t, server)
  server.script('PUT', async (response, asked) => {
    server.store.put(TAG_POLICIES_PATH, tagPolicy('b', { mode: 'audit' }, 2))
    while (generation('b') !== 2) await changed()
    put(server)(response, asked)
  })
  for (let times = 0; times < 10; times++) server.script('PUT', put(server))
  const written = () => server.store.objects(TAG_POLICIES_PATH).find(({ metadata }) => metadata.name === 'b')
  while (written()?.status === undefined) await server.next(({ method }) => method === 'PUT')
  t.match(written(), { status: { observedGeneration: 2, accepted: { generation: 2 } } })
  for (const { body } of server.asked.filter(({ method }) => method === 'PUT')) {
    const { status } = JSON.parse(body)
    t.equal(status.accepted.generation, status.observedGeneration)
  }
})

t.test('a right that is missing is told of once', async (t) => {
  const server = await cluster(t)
  const forbidden: Script = (response) => refuse(response, 403, 'Forbidden', 'no right to write')
  for (let times = 0; times < 3; times++) server.script('PUT', forbidden)
  server.script('PUT', put(server))
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', {}))
  const { failures, failed } = replica(t, server)
  await failed()
  for (let times = 0; times < 3; times++) await server.next(({ method }) => method === 'PUT')
  t.equal(failures.length, 1)
  t.match(failures, [/no right to write/])
})

t.test('many globs over many namespaces', async (t) => {
  const { round, namespaces, tried } = await largeCluster(t)
  let most = 0
  let before = 0
  let over = false
  const verdict = () => {
    most = Math.max(most, tried.globs - before)
    before = tried.globs
    if (!over) setImmediate(verdict)
  }
  setImmediate(verdict)
  t.match((await round()).exemptions, { count: 50, unmatched: { length: 50 } })
  over = true
  t.equal(tried.globs, 5_000_000)
  t.ok(most < 2_500_000, `verdicts have their turn meanwhile, at the latest after ${most} globs`)

  t.match((await round()).exemptions, { unmatched: { length: 50 } })
  t.equal(tried.globs, 5_000_000, 'what was found holds while policy and namespaces do')

  namespaces.push({ name: 'lab-7-3', labels: {} })
  t.match(await round(), { namespaces: { count: 10_001 }, exemptions: { unmatched: { length: 49 } } })
})
