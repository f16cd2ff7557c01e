import { mock } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Page, WatchEvent, WatchOptions } from '../../src/cluster/api.ts'
import { ApiClient, IDLE_MS } from '../../src/cluster/api-client.ts'
import { answer, listOf, refuse, ScriptedApiServer } from './scripted-api-server.ts'

const PATH = '/api/v1/namespaces'

const namespace = (name: string) => ({ metadata: { name } })

/** A server that holds so many namespaces, and a client of it. */
async function cluster(t: Test, count = 0) {
  const server = await ScriptedApiServer.start(t, PATH)
  for (let i = 1; i <= count; i++) server.store.put(PATH, namespace(`ns-${i}`))
  const client = new ApiClient(server.login(), { version: '1.2.3' })
  t.teardown(() => client.close())
  return { server, client }
}

async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const one of from) found.push(one)
  return found
}

const names = (pages: readonly Page[]) =>
  pages.map(({ items }) => items.map((item) => (item as ReturnType<typeof namespace>).metadata.name))

t.test('get', async (t) => {
  const { server, client } = await cluster(t)
  server.script('GET', (response) => answer(response, 200, { metadata: { name: 'team-a' } }))
  t.strictSame(await client.get(`${PATH}/team-a`), { metadata: { name: 'team-a' } })
  t.match(server.asked, [
    {
      method: 'GET',
      path: `${PATH}/team-a`,
      headers: { accept: 'application/json', 'user-agent': 'tallyman/1.2.3' },
    },
  ])
  await t.rejects(client.get(`${PATH}/team-b`), { status: 404, message: /404 Not Found/ })
})

t.test('send', async (t) => {
  const { server, client } = await cluster(t)
  const types = [
    ['POST', 'application/json'],
    ['PUT', 'application/json'],
    ['PATCH', 'application/merge-patch+json'],
  ] as const
  for (const [method, type] of types) {
    server.script(method, (response, { body }) => answer(response, 200, { received: JSON.parse(body) }))
    t.strictSame(await client.send(method, '/p', { a: 'größe' }), { received: { a: 'größe' } }, method)
    t.match(server.asked.at(-1), { method, headers: { 'content-type': type } })
  }
  server.script('PUT', (response) => refuse(response, 409, 'Conflict', 'the object has been modified'))
  await t.rejects(client.send('PUT', '/p', {}), {
    name: 'ApiError',
    status: 409,
    reason: 'Conflict',
    message: 'the object has been modified',
  })
})

t.test('apply', async (t) => {
  const { server, client } = await cluster(t)
  server.script('PATCH', (response, { body }) => answer(response, 200, { received: JSON.parse(body) }))
  t.strictSame(await client.apply('/p', 'tallyman', { a: 1 }), { received: { a: 1 } })
  const asked = server.asked.at(-1)
  t.match(asked, { method: 'PATCH', path: '/p', headers: { 'content-type': 'application/apply-patch+yaml' } })
  t.equal(asked?.query.toString(), 'fieldManager=tallyman&force=true')
})

t.test('list', async (t) => {
  await t.test('page by page', async (t) => {
    const { server, client } = await cluster(t, 5)
    const query = {
      limit: 2,
      labelSelector: 'team in (a,b)',
      fieldSelector: 'metadata.name!=x',
      resourceVersion: '0',
    }
    const pages = await all(client.list(PATH, query))
    t.strictSame(names(pages), [['ns-1', 'ns-2'], ['ns-3', 'ns-4'], ['ns-5']])
    t.strictSame(
      pages.map(({ resourceVersion, remaining }) => [resourceVersion, remaining]),
      [
        [String(server.store.version), 3],
        [String(server.store.version), 1],
        [String(server.store.version), undefined],
      ],
    )
    t.strictSame(
      server.asked.map(({ query }) => [
        query.get('limit'),
        query.get('labelSelector'),
        query.get('fieldSelector'),
      ]),
      Array(3).fill(['2', 'team in (a,b)', 'metadata.name!=x']),
    )
    t.strictSame(
      server.asked.map(({ query }) => [query.has('continue'), query.get('resourceVersion')]),
      [
        [false, '0'],
        [true, null],
        [true, null],
      ],
      'a token and a version beside it would be refused',
    )
  })
  await t.test('whoever stops early leaves the rest unread', async (t) => {
    const { server, client } = await cluster(t, 5)
    for await (const page of client.list(PATH, { limit: 2 })) {
      t.equal(page.items.length, 2)
      break
    }
    t.equal(server.asked.length, 1)
  })
  await t.test('a token that is too old', async (t) => {
    const { server, client } = await cluster(t, 3)
    const pages = client.list(PATH, { limit: 2 })
    await pages.next()
    server.store.compact()
    await t.rejects(pages.next(), { name: 'ApiError', status: 410, reason: 'Expired', message: /too old/ })
  })
  await t.test('in smaller pages where objects are large', async (t) => {
    const { server, client } = await cluster(t)
    for (let i = 1; i <= 12; i++)
      server.store.put(PATH, { ...namespace(`ns-${i}`), text: 'x'.repeat(2_000_000) })
    const pages = await all(client.list(PATH, { limit: 12 }))
    t.strictSame(
      pages.map(({ items }) => items.length),
      [2, 2, 2, 2, 2, 2],
    )
    await t.rejects(
      all(client.list(PATH)),
      { message: /the answer has more than/ },
      'not where no limit was asked for',
    )
    await t.rejects(all(client.list(PATH, { limit: 0 })), { message: /the answer has more than/ })
  })
  await t.test('a busy server is asked again when it says so', async (t) => {
    const { server, client } = await cluster(t, 1)
    const busy = (after?: string) =>
      server.script('list', (response) => {
        if (after !== undefined) response.setHeader('retry-after', after)
        refuse(response, 429, 'TooManyRequests', 'too many requests, please try again later')
      })
    busy('1')
    t.strictSame(names(await all(client.list(PATH))), [['ns-1']])
    t.equal(server.asked.length, 2)
    for (const after of ['3600', undefined, 'Wed, 21 Oct 2099 07:28:00 GMT']) {
      busy(after)
      await t.rejects(
        all(client.list(PATH)),
        { status: 429, reason: 'TooManyRequests', message: /please try/ },
        String(after),
      )
    }
    for (const after of ['1', '0']) {
      busy(after)
      await t.rejects(
        all(client.list(PATH, {}, { timeoutMs: 500 })),
        { status: 429, message: /please try/ },
        after,
      )
    }
  })
  await t.test('what is no list', async (t) => {
    const { server, client } = await cluster(t)
    server.script('list', (response) => answer(response, 200, { kind: 'Namespace' }))
    await t.rejects(all(client.list(PATH)), { status: 200, message: `${PATH}: the answer is no list` })
  })
})

/** Follows from the version that is now. */
function follow(
  { server, client }: Awaited<ReturnType<typeof cluster>>,
  options: Partial<WatchOptions> = {},
) {
  const abort = new AbortController()
  const since = { resourceVersion: String(server.store.version) }
  const events: string[] = []
  const ended = (async () => {
    for await (const event of client.watch(PATH, since, { signal: abort.signal, ...options }))
      events.push(said(event))
    return events
  })()
  return { abort, ended, events }
}

function said({ type, object }: WatchEvent): string {
  const { name, resourceVersion } = (object as { metadata: { name?: string; resourceVersion: string } })
    .metadata
  return `${type} ${name ?? resourceVersion}`
}

t.test('watch', async (t) => {
  await t.test('events, from a version on', async (t) => {
    const { server, client } = await cluster(t, 2)
    const { ended } = follow({ server, client })
    server.store.put(PATH, namespace('early'))
    await server.watched()
    server.store.put(PATH, namespace('early'))
    server.store.remove(PATH, 'ns-1')
    server.bookmark()
    server.endWatches()
    const version = server.store.version
    t.strictSame(await ended, ['ADDED early', 'MODIFIED early', 'DELETED ns-1', `BOOKMARK ${version}`])
    const { query } = server.asked[0] ?? {}
    t.equal(query?.get('watch'), 'true')
    t.equal(query?.get('allowWatchBookmarks'), 'true')
    const seconds = Number(query?.get('timeoutSeconds'))
    t.ok(seconds >= 300 && seconds <= 600, `from five to ten minutes: ${seconds} s`)
  })
  await t.test('says when it is open', async (t) => {
    const both = await cluster(t)
    const opened = Promise.withResolvers<void>()
    const { ended, abort } = follow(both, { opened: opened.resolve })
    await opened.promise
    abort.abort()
    t.strictSame(await ended, [])
  })
  await t.test('ends with its signal, and its connection with it', async (t) => {
    const both = await cluster(t)
    const { ended, abort } = follow(both)
    await both.server.watched()
    abort.abort()
    t.strictSame(await ended, [])
    await both.server.disconnected()
    const aborted = follow(both, { signal: AbortSignal.abort() })
    t.strictSame(await aborted.ended, [], 'one that is aborted already')
    t.equal(both.server.asked.length, 1)
  })
  await t.test('ends while it is being opened', async (t) => {
    const both = await cluster(t)
    both.server.script('watch', () => {})
    const { ended, abort } = follow(both)
    await both.server.next()
    abort.abort()
    t.strictSame(await ended, [])
  })
  await t.test('yields nothing any more once it is aborted', async (t) => {
    const both = await cluster(t)
    const abort = new AbortController()
    const since = { resourceVersion: String(both.server.store.version) }
    both.server.store.put(PATH, namespace('a'))
    both.server.store.put(PATH, namespace('b'))
    const events: string[] = []
    for await (const event of both.client.watch(PATH, since, { signal: abort.signal })) {
      events.push(said(event))
      abort.abort()
    }
    t.strictSame(events, ['ADDED a'])
  })
  await t.test('whoever stops reading ends the connection', async (t) => {
    const both = await cluster(t)
    const since = { resourceVersion: '0' }
    both.server.store.put(PATH, namespace('a'))
    for await (const _ of both.client.watch(PATH, since, { signal: new AbortController().signal })) break
    await both.server.disconnected()
  })
  await t.test('ends where nothing comes, not even a bookmark', async (t) => {
    mock.timers.enable({ apis: ['setTimeout'] })
    t.teardown(() => mock.timers.reset())
    const both = await cluster(t)
    const { ended, events } = follow(both)
    await both.server.watched()
    for (let count = 1; count <= 3; count++) {
      both.server.bookmark()
      while (events.length < count) await setImmediate()
      mock.timers.tick(IDLE_MS - 1)
    }
    mock.timers.tick(1)
    t.equal((await ended).length, 3)
    await both.server.disconnected()
  })
  await t.test('a version that is too old', async (t) => {
    for (const by of ['event', 'status'] as const) {
      const both = await cluster(t, 1)
      both.server.goneBy = by
      const { ended } = follow(both)
      both.server.store.compact()
      await t.rejects(ended, { name: 'ApiError', status: 410, reason: 'Expired', message: /too old/ }, by)
    }
  })
  await t.test('a connection that is cut, in a line and between lines', async (t) => {
    for (const part of ['', '{"type":"ADDED","object":{"metad']) {
      const both = await cluster(t)
      const { ended } = follow(both)
      await both.server.watched()
      both.server.send(part)
      await setImmediate()
      both.server.cutConnections()
      await t.rejects(ended, { name: 'ApiError', status: 0, message: /: the connection was cut$/ }, part)
    }
  })
  await t.test('garbage', async (t) => {
    const both = await cluster(t)
    const { ended } = follow(both)
    await both.server.watched()
    both.server.send('<html>\n')
    await t.rejects(ended, { name: 'ApiError', status: 200, message: /makes no sense/ })
    await both.server.disconnected()
  })
  await t.test('a watch that is refused', async (t) => {
    const both = await cluster(t)
    both.server.script('watch', (response) => refuse(response, 403, 'Forbidden', 'may not watch'))
    await t.rejects(follow(both).ended, { status: 403, message: 'may not watch' })
  })
})

t.test('close ends what is under way', async (t) => {
  const both = await cluster(t)
  const { ended } = follow(both)
  await both.server.watched()
  await both.client.list(PATH).next() // so that the next one goes over a used connection
  both.server.script('GET', () => {})
  const asked = both.client.get('/p')
  await both.server.next(({ path }) => path === '/p')
  both.client.close()
  const cut = { status: 0, message: /the connection was cut/ }
  await Promise.all([t.rejects(ended, cut), t.rejects(asked, cut), both.server.disconnected()])
})

t.test('numbers of a list that the server makes up', async (t) => {
  const { server, client } = await cluster(t)
  server.script('list', (response) => answer(response, 200, listOf([], 7)))
  t.strictSame(await all(client.list(PATH)), [{ items: [], resourceVersion: '7' }])
})
