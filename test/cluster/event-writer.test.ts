import { EventEmitter, once } from 'node:events'
import t, { type Test } from 'tap'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { EventWriter } from '../../src/cluster/event-writer.ts'
import { said } from './owner-events.ts'
import { answer, refuse, type Script, ScriptedApiServer } from './scripted-api-server.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const PACE = { restMs: 1, repeatMs: 1, retryMs: 1 }
const EVENTS = '/apis/events.k8s.io/v1/namespaces/team-a/events'

interface StoredEvent {
  metadata: { name: string; namespace: string; resourceVersion: string }
  series?: { count: number; lastObservedTime: string }
  note: string
}

/** The Events of an API server, which has them as a real one: one of a name, changed over the newest version only. */
class Events {
  readonly stored = new Map<string, StoredEvent>()
  #version = 0

  readonly create: Script = (response, { body }) => {
    const event = JSON.parse(body) as StoredEvent
    const { name } = event.metadata
    if (this.stored.has(name))
      return refuse(response, 409, 'AlreadyExists', `events "${name}" already exists`)
    answer(response, 201, this.#store(event))
  }

  readonly patch: Script = (response, { path, body }) => {
    const name = path.split('/').at(-1) ?? ''
    const event = this.stored.get(name)
    if (event === undefined) return refuse(response, 404, 'NotFound', `events "${name}" not found`)
    const change = JSON.parse(body) as Partial<StoredEvent>
    const { resourceVersion = event.metadata.resourceVersion } = change.metadata ?? {}
    if (resourceVersion !== event.metadata.resourceVersion)
      return refuse(response, 409, 'Conflict', 'the object has been modified')
    answer(
      response,
      200,
      Object.keys(change).length === 0
        ? event
        : this.#store({ ...event, ...change, metadata: event.metadata }),
    )
  }

  /** The count of the only Event. */
  get count(): number {
    const [event] = this.stored.values()
    return event === undefined ? 0 : (event.series?.count ?? 1)
  }

  #store(event: StoredEvent): StoredEvent {
    this.#version += 1
    const stored = { ...event, metadata: { ...event.metadata, resourceVersion: String(this.#version) } }
    this.stored.set(stored.metadata.name, stored)
    return stored
  }
}

/** An API server with Events, and as many replicas that write them. */
async function replicas(t: Test, count = 1, pace = PACE) {
  const server = await ScriptedApiServer.start(t)
  const events = new Events()
  const happened = new EventEmitter()
  const outcomes: string[] = []
  const stop = new AbortController()
  const tell = (outcome: string) => {
    outcomes.push(outcome)
    happened.emit('outcome')
  }
  const listener = { written: () => tell('written'), failed: ({ message }: Error) => tell(message) }
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  const writers = Array.from(
    { length: count },
    (_, index) => new EventWriter({ api, instance: `tallyman-${index}`, now: () => NOW, pace }),
  )
  const runs = writers.map((writer) => writer.run(listener, stop.signal))
  t.teardown(async () => {
    stop.abort()
    await Promise.all(runs)
    api.close()
  })
  // One of these answers one request; more than are asked do no harm.
  const serve = (times: number) => {
    for (let each = 0; each < times; each++) {
      server.script('POST', events.create)
      server.script('PATCH', events.patch)
    }
  }
  const until = async (fits: () => boolean) => {
    while (!fits()) await once(happened, 'outcome')
  }
  const [writer] = writers as [EventWriter]
  return { server, events, outcomes, writer, writers, serve, until, stop, runs }
}

t.test('the first is created at once, and later ones only raise its count', async (t) => {
  const { server, events, writer, serve, until } = await replicas(t)
  serve(20)
  t.ok(writer.note(said()))
  await until(() => events.count === 1)
  t.match(
    [...events.stored.values()],
    [{ note: said().note, metadata: { namespace: 'team-a' }, series: undefined }],
  )
  t.match(server.asked, [{ method: 'POST', path: EVENTS }])
  for (let times = 0; times < 5; times++) writer.note(said({ note: `Pod "web-${times}"` }))
  await until(() => events.count === 6)
  t.equal(events.stored.size, 1)
  t.match([...events.stored.values()], [{ note: said().note }], 'its text stays')
})

t.test('several that come before it is written are one request', async (t) => {
  const { server, events, writer, serve, until } = await replicas(t)
  serve(5)
  for (let times = 0; times < 7; times++) writer.note(said())
  await until(() => events.count === 7)
  t.equal(server.asked.length, 1)
})

t.test('three replicas share one Event, and its count is the sum', async (t) => {
  const { events, writers, serve, until } = await replicas(t, 3)
  serve(200)
  for (let times = 0; times < 4; times++) for (const writer of writers) writer.note(said())
  await until(() => events.count === 12)
  t.equal(events.stored.size, 1)
})

t.test('an Event that has expired is made again', async (t) => {
  const { events, writer, serve, until, outcomes } = await replicas(t)
  serve(20)
  writer.note(said())
  await until(() => outcomes.length === 1)
  events.stored.clear()
  writer.note(said())
  await until(() => outcomes.length === 2)
  t.same([outcomes, events.count], [['written', 'written'], 1])
})

t.test('a failure that passes is tried again', async (t) => {
  const { server, events, writer, serve, until } = await replicas(t)
  server.script('POST', (response) => response.destroy())
  server.script('POST', (response) => refuse(response, 500, 'InternalError', 'etcd is away'))
  serve(5)
  writer.note(said())
  await until(() => events.count === 1)
  t.equal(server.asked.length, 3)
})

t.test('a refusal is told and given up, and the next one is tried', async (t) => {
  const { server, outcomes, writer, serve, until } = await replicas(t)
  server.script('POST', (response) => refuse(response, 403, 'Forbidden', 'no right to create events'))
  writer.note(said())
  await until(() => outcomes.length === 1)
  t.match(outcomes, [/no right to create events/])
  serve(5)
  writer.note(said({ topic: 'another' }))
  await until(() => outcomes.length === 2)
  t.equal(outcomes[1], 'written')
})

t.test('what fails all the time is given up', async (t) => {
  const { server, outcomes, writer, until } = await replicas(t)
  for (let times = 0; times < 10; times++)
    server.script('POST', (response) => refuse(response, 503, 'ServiceUnavailable', 'away'))
  writer.note(said())
  await until(() => outcomes.length === 1)
  t.match(outcomes, [/away/])
  t.equal(server.asked.length, 5)
})

t.test('writes are spaced: a hundred Events take a hundred rests', async (t) => {
  const { events, writer, serve, until } = await replicas(t, 1, { ...PACE, restMs: 5 })
  serve(100)
  const began = performance.now()
  for (let index = 0; index < 100; index++) writer.note(said({ topic: `${index}` }))
  await until(() => events.stored.size === 100)
  t.ok(performance.now() - began >= 99 * 4, 'timers may be a little early')
})

t.test('an abort ends it while it waits, and while it writes', async (t) => {
  const { server, writer, outcomes, stop, runs } = await replicas(t)
  const asked = server.next()
  server.script('POST', () => {}) // never answered
  writer.note(said())
  await asked
  stop.abort()
  await Promise.all(runs)
  t.strictSame(outcomes, [])
  t.ok(writer.note(said()), 'and whoever notes something afterwards does no harm')
})
