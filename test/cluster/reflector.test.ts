import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { mock } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { InClusterLogin } from '../../src/cluster/in-cluster-login.ts'
import { Mount } from '../files/mount.ts'
import { counted, follow, Heard, isWatch, object, PATH, withWatch } from './following.ts'
import { keyOf } from './object-store.ts'
import { answer, certificates, HOST, refuse, ScriptedApiServer } from './scripted-api-server.ts'

/** A server that holds a, b and c, each with value 1. */
async function serverOfThree(t: Test): Promise<ScriptedApiServer> {
  const server = await ScriptedApiServer.start(t, PATH)
  for (const name of ['a', 'b', 'c']) server.store.put(PATH, object(name, 1))
  return server
}

/** The same, followed, with its watch open. */
async function followThree(t: Test, options: Parameters<typeof follow>[1] = {}) {
  const server = await serverOfThree(t)
  const followed = await follow(t, { server, ...options })
  await server.watched()
  return followed
}

t.test('a list in pages, then what changes', async (t) => {
  const server = await ScriptedApiServer.start(t, PATH)
  for (let i = 0; i < 1001; i++) server.store.put(PATH, object(`ns-${i}`, i))
  server.store.put(PATH, object('pod', 1, 'team-a'))
  const query = { labelSelector: 'team=a', fieldSelector: 'metadata.name!=x' }
  const { reflector, heard, become, items } = await follow(t, { server, query })
  t.equal(reflector.synced, false)
  t.equal(reflector.items.size, 0)
  await heard.until(() => heard.changes === 1)
  t.equal(reflector.synced, true)
  t.equal(reflector.items.size, 1002)
  t.equal(reflector.items.get('ns-1000'), 1000)
  t.equal(reflector.items.get('team-a/pod'), 1)

  await server.watched()
  server.store.put(PATH, object('new', 'x'))
  server.store.put(PATH, object('ns-1', 'other'))
  server.store.remove(PATH, 'ns-0')
  server.store.remove(PATH, 'team-a/pod')
  const { 'ns-0': _, 'team-a/pod': __, ...rest } = items()
  await become({ ...rest, 'ns-1': 'other', new: 'x' })
  t.equal(heard.changes, 5)
  t.strictSame(
    server.asked.map(({ query }) => [
      query.get('limit'),
      query.get('labelSelector'),
      query.get('fieldSelector'),
    ]),
    [
      ...Array(3).fill(['500', query.labelSelector, query.fieldSelector]),
      [null, query.labelSelector, query.fieldSelector],
    ],
  )
  t.notOk(server.asked[0]?.query.has('resourceVersion'), 'the newest list')
})

t.test('a watch begins at the version of the first page, so that it misses nothing', async (t) => {
  const server = await ScriptedApiServer.start(t, PATH)
  for (const [version, next] of [
    ['7', 'more'],
    ['9', undefined],
  ])
    server.script('list', (response) =>
      answer(response, 200, { metadata: { resourceVersion: version, continue: next }, items: [] }),
    )
  await follow(t, { server })
  await server.watched()
  t.equal(server.asked.at(-1)?.query.get('resourceVersion'), '7')
})

t.test('who is told of what', async (t) => {
  await t.test('an empty list is news at first', async (t) => {
    const { reflector, heard } = await follow(t)
    await heard.until(() => heard.changes === 1)
    t.equal(reflector.synced, true)
  })
  await t.test('an equal value is none', async (t) => {
    const { server, heard, become, reflector } = await followThree(t)
    server.store.put(PATH, object('a', { labels: { x: '1' } }))
    await heard.until(() => heard.changes === 2)
    const kept = reflector.items.get('a')
    server.store.put(PATH, object('a', { labels: { x: '1' } }))
    server.store.put(PATH, object('b', 2))
    await become({ a: { labels: { x: '1' } }, b: 2, c: 1 })
    t.equal(heard.changes, 3)
    server.send('garbage\n')
    await server.next(isWatch)
    t.equal(counted(server).lists, 2)
    t.equal(heard.changes, 3, 'nor is an equal list')
    t.equal(reflector.items.get('a'), kept, 'and what is kept stays the same one')
  })
  await t.test('an object that cannot be projected is left out', async (t) => {
    const server = await serverOfThree(t)
    server.store.put(PATH, object('b', 'bad'))
    const { heard, become, items } = await follow(t, { server })
    await server.watched()
    t.strictSame(items(), { a: 1, c: 1 })
    server.store.put(PATH, object('a', 'bad'))
    await become({ c: 1 })
    server.store.put(PATH, object('a', 2))
    await become({ a: 2, c: 1 })
    t.strictSame(heard.left, ['b: a bad value', 'a: a bad value'])
    t.strictSame(heard.failures, [])
  })
  await t.test('a listener that fails is told again', async (t) => {
    const server = await serverOfThree(t)
    const followed = await follow(t, { server })
    let failed = false
    followed.heard.onChange = () => {
      if (failed || followed.reflector.items.get('a') !== 2) return
      failed = true
      throw new Error('a fault in the listener')
    }
    await server.watched()
    server.store.put(PATH, object('a', 2))
    await followed.heard.until(() => failed && followed.heard.changes >= 3)
    t.strictSame(followed.items(), { a: 2, b: 1, c: 1 })
  })
})

t.test('a watch that ends', async (t) => {
  await t.test('goes on where it was, without a list', async (t) => {
    const { server, become } = await followThree(t)
    for (let value = 2; value <= 5; value++) {
      const rewatched = server.next(isWatch)
      if (value % 2 === 0) server.endWatches()
      else server.cutConnections()
      server.store.put(PATH, object('a', value))
      await rewatched
      await become({ a: value, b: 1, c: 1 })
    }
    t.equal(counted(server).lists, 1)
  })
  await t.test('after a bookmark, from that one on', async (t) => {
    const { server, heard } = await followThree(t)
    server.store.compact()
    const version = String(server.store.version)
    server.bookmark()
    server.store.put(PATH, object('a', 2))
    await heard.until(() => heard.changes === 2)
    server.store.compact()
    server.bookmark()
    server.store.put(PATH, object('z', 1))
    await heard.until(() => heard.changes === 3)
    const rewatched = server.next(isWatch)
    server.endWatches()
    t.equal((await rewatched).query.get('resourceVersion'), String(server.store.version))
    t.not(version, String(server.store.version))
    await server.watched()
    t.equal(counted(server).lists, 1)
  })
  await t.test('in the middle of a line', async (t) => {
    const { server, become } = await followThree(t)
    const rewatched = server.next(isWatch)
    server.send('{"type":"DELETED","object":{"metadata":{"name":"a"')
    server.cutConnections()
    await rewatched
    server.store.put(PATH, object('b', 2))
    await become({ a: 1, b: 2, c: 1 })
    t.equal(counted(server).lists, 1)
  })
  await t.test('because nothing came', async (t) => {
    const { server, become, heard } = await followThree(t, {
      over: (api) =>
        withWatch(api, (path, query, options) => api.watch(path, query, { ...options, idleMs: 50 })),
    })
    for (let i = 0; i < 3; i++) await server.next(isWatch)
    server.store.put(PATH, object('a', 2))
    await become({ a: 2, b: 1, c: 1 })
    t.equal(counted(server).lists, 1)
    t.strictSame(heard.failures, [], 'a watch that was open for a while was in order')
  })
  await t.test('over and over as soon as it begins: not without pauses, and told', async (t) => {
    const { server, heard, reflector } = await follow(t, {
      backoff: { minMs: 20, maxMs: 80, healthyMs: 60_000 },
    })
    for (let i = 0; i < 6; i++) {
      await server.watched()
      server.endWatches()
    }
    await heard.until(() => heard.failures.length > 0)
    t.strictSame(heard.failures, ['The watch ended as soon as it had begun'])
    t.type(reflector.lostSince, Date)
  })
})

t.test('what is no cut leads to a list', async (t) => {
  const ways: [what: string, way: (server: ScriptedApiServer) => void][] = [
    ['garbage', (server) => server.send('<html>\n')],
    [
      'an object without a name',
      (server) => server.send('{"type":"ADDED","object":{"metadata":{"resourceVersion":"9"}}}\n'),
    ],
    [
      'an object without a version',
      (server) => server.send('{"type":"DELETED","object":{"metadata":{"name":"a"}}}\n'),
    ],
    [
      'an event 410',
      (server) => server.send(`{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}\n`),
    ],
    [
      'an event 500',
      (server) =>
        server.send(`{"type":"ERROR","object":{"kind":"Status","code":500,"message":"internal"}}\n`),
    ],
    [
      'a version that is too old, by an event',
      (server) => {
        server.store.compact()
        server.endWatches()
      },
    ],
    [
      'a version that is too old, by a status',
      (server) => {
        server.goneBy = 'status'
        server.store.compact()
        server.endWatches()
      },
    ],
    [
      'a watch that is refused',
      (server) => {
        server.script('watch', (response) => refuse(response, 504, 'Timeout', 'Too large resource version'))
        server.endWatches()
      },
    ],
  ]
  for (const [what, way] of ways)
    await t.test(what, async (t) => {
      const { server, become, heard, reflector } = await followThree(t)
      const smallest = { size: 3 }
      heard.onChange = () => {
        smallest.size = Math.min(smallest.size, reflector.items.size)
      }
      const listed = server.next((asked) => !isWatch(asked))
      way(server)
      // What happened while it did not watch.
      server.store.remove(PATH, 'c')
      server.store.put(PATH, object('d', 1))
      await listed
      await become({ a: 1, b: 1, d: 1 })
      await server.watched()
      server.store.put(PATH, object('a', 2))
      await become({ a: 2, b: 1, d: 1 })
    })
})

t.test('a version that is too old is no failure', async (t) => {
  const { server, heard, become, reflector } = await followThree(t)
  server.store.compact()
  server.store.put(PATH, object('a', 2))
  server.cutConnections()
  server.store.compact()
  await become({ a: 2, b: 1, c: 1 })
  await server.watched()
  t.strictSame(
    heard.failures.filter((message) => /too old/.test(message)),
    [],
  )
  await heard.until(() => reflector.lostSince === undefined)
})

t.test('a list replaces what is known at once', async (t) => {
  const server = await ScriptedApiServer.start(t, PATH)
  for (let i = 0; i < 600; i++) server.store.put(PATH, object(`ns-${i}`, 1))
  const { reflector, heard } = await follow(t, { server })
  await server.watched()
  const before = reflector.items
  server.store.remove(PATH, 'ns-0')
  await heard.until(() => heard.changes === 2)
  const half = Promise.withResolvers<void>()
  const rest = Promise.withResolvers<void>()
  server.script('list', (response) => response.writeHead(200).end(JSON.stringify(first)))
  server.script('list', async (response) => {
    half.resolve()
    await rest.promise
    response.writeHead(200).end(JSON.stringify(second))
  })
  const items = server.store.objects(PATH).map(({ metadata }) => ({ metadata, value: 2 }))
  const metadata = { resourceVersion: String(server.store.version) }
  const first = { metadata: { ...metadata, continue: 'more' }, items: items.slice(0, 500) }
  const second = { metadata, items: items.slice(500) }
  server.send('garbage\n')
  await half.promise
  t.equal(reflector.items, before, 'after half a list all is as it was')
  t.strictSame(new Set(reflector.items.values()), new Set([1]))
  let seen: unknown
  heard.onChange = () => {
    seen = [reflector.items.size, [...new Set(reflector.items.values())]]
  }
  rest.resolve()
  await heard.until(() => heard.changes === 3)
  t.strictSame(seen, [599, [2]], 'and then all at once as it is')
})

t.test('while the API server fails', async (t) => {
  await t.test('what is known stays, and it is said how long', async (t) => {
    const attempts = new EventEmitter()
    const { server, heard, reflector, items, become } = await followThree(t, {
      over: (api) =>
        withWatch(api, (...args) => {
          attempts.emit('attempt')
          return api.watch(...args)
        }),
    })
    t.equal(reflector.lostSince, undefined)
    const before = new Date()
    await server.stop()
    const reason = `API server ${server.url}: nothing listens there`
    await heard.until(() => heard.failures.includes(reason))
    const since = reflector.lostSince
    t.ok(since !== undefined && since >= before && since <= new Date())
    t.strictSame(items(), { a: 1, b: 1, c: 1 })
    t.equal(reflector.synced, true)

    server.store.put(PATH, object('a', 2))
    for (let i = 0; i < 3; i++) await once(attempts, 'attempt')
    t.equal(reflector.lostSince, since)
    t.strictSame(
      heard.failures.filter((message) => message === reason),
      [reason],
      'the same reason is told once',
    )
    await server.listen()
    await become({ a: 2, b: 1, c: 1 })
    await heard.until(() => heard.recoveries > 0)
    t.equal(reflector.lostSince, undefined)
  })
  await t.test('another reason is told, and each attempt waits', async (t) => {
    const server = await serverOfThree(t)
    for (let i = 0; i < 5; i++) {
      server.script('list', (response) => refuse(response, 500, 'InternalError', 'etcd is away'))
      server.script('list', (response) => refuse(response, 403, 'Forbidden', 'may not list'))
      server.script('list', (response) => refuse(response, 403, 'Forbidden', 'may not list'))
    }
    const { heard, become, reflector } = await follow(t, { server })
    await heard.until(() => heard.failures.length === 10)
    t.equal(reflector.synced, false)
    await become({ a: 1, b: 1, c: 1 })
    t.strictSame(heard.failures, Array(5).fill(['etcd is away', 'may not list']).flat())
  })
  await t.test('pauses grow while it does, and begin anew when all was well for a while', async (t) => {
    const server = await serverOfThree(t)
    const fail = (times: number) => {
      for (let i = 0; i < times; i++)
        server.script('list', (response) => refuse(response, 500, '', 'no list'))
    }
    fail(8)
    const began = performance.now()
    const { heard, become } = await follow(t, { server, backoff: { minMs: 1, maxMs: 3_600_000 } })
    await heard.until(() => heard.recoveries === 1)
    t.ok(performance.now() - began >= 255 / 2, 'of 1, 2, 4 … 128 ms at least a half each')
    fail(8)
    server.send('garbage\n')
    server.store.put(PATH, object('a', 2))
    await become({ a: 2, b: 1, c: 1 }) // without beginning anew, the last pause alone would be half a minute
  })
  await t.test('an event says that it follows again', async (t) => {
    const server = await serverOfThree(t)
    server.script('list', (response) => refuse(response, 500, '', 'no list'))
    const { heard, reflector } = await follow(t, { server, backoff: { healthyMs: 3_600_000 } })
    await server.watched()
    t.type(reflector.lostSince, Date, 'an open watch alone does not')
    server.bookmark()
    await heard.until(() => heard.recoveries === 1)
    t.equal(reflector.lostSince, undefined)
  })
  await t.test('a second page that fails is no list', async (t) => {
    const server = await ScriptedApiServer.start(t, PATH)
    for (let i = 0; i < 501; i++) server.store.put(PATH, object(`ns-${i}`, i))
    server.script('list', (response, { query }) => {
      const { items, version, next } = server.store.page(PATH, Number(query.get('limit')), null) ?? {}
      response
        .writeHead(200)
        .end(JSON.stringify({ metadata: { resourceVersion: `${version}`, continue: next }, items }))
      server.store.compact()
    })
    const { heard, reflector } = await follow(t, { server })
    await heard.until(() => heard.changes > 0)
    t.equal(reflector.items.size, 501)
    t.equal(counted(server).lists, 2)
  })
})

t.test('a token that is replaced', async (t) => {
  const server = await serverOfThree(t)
  server.tokens = new Set(['first'])
  const files = { token: 'first', 'ca.crt': certificates.ca, namespace: 'tallyman' }
  const mount = await Mount.create(t, files)
  const login = await InClusterLogin.open({ host: HOST, port: String(server.port), folder: mount.folder })
  const { heard, become } = await follow(t, { server, login })
  await server.watched()
  server.tokens = new Set(['second'])
  server.cutConnections()
  await heard.until(() => heard.failures.length > 0)
  t.match(heard.failures.at(-1), /Unauthorized|cut/)
  await mount.write({ ...files, token: 'second' })
  server.store.put(PATH, object('a', 2))
  await become({ a: 2, b: 1, c: 1 })
  t.equal(server.asked.at(-1)?.headers.authorization, 'Bearer second')
})

t.test('a kind that is not installed', async (t) => {
  await t.test('counts as none, and is noticed when it comes', async (t) => {
    const server = await ScriptedApiServer.start(t)
    const { heard, reflector, become } = await follow(t, { server, optional: true })
    await heard.until(() => heard.changes === 1)
    t.equal(reflector.synced, true)
    t.equal(reflector.items.size, 0)
    t.equal(reflector.lostSince, undefined)
    for (let i = 0; i < 3; i++) await server.next()
    t.equal(heard.changes, 1, 'it is news once')
    server.store.install(PATH)
    server.store.put(PATH, object('default', 1))
    await become({ default: 1 })
    t.strictSame(heard.failures, [])
  })
  await t.test('is asked about twice before it counts as none', async (t) => {
    const server = await serverOfThree(t)
    server.script('list', (response) => response.writeHead(404).end('404 page not found\n'))
    const { heard, reflector, items } = await follow(t, { server, optional: true })
    heard.onChange = () => t.strictSame(items(), { a: 1, b: 1, c: 1 })
    await heard.until(() => reflector.synced)
    t.equal(counted(server).lists, 2)
    t.strictSame(heard.failures, [])
  })
  await t.test('and the second time soon, so that whoever waits for it can begin', async (t) => {
    const server = await ScriptedApiServer.start(t)
    const { heard, reflector } = await follow(t, { server, optional: true, backoff: { absentMs: 3_600_000 } })
    await heard.until(() => reflector.synced)
    t.equal(counted(server).lists, 2)
  })
  await t.test('and is removed while it is followed', async (t) => {
    const { server, become, heard, reflector } = await followThree(t, { optional: true })
    server.store.uninstall(PATH)
    server.endWatches()
    await become({})
    t.equal(reflector.lostSince, undefined)
    server.store.install(PATH)
    server.store.put(PATH, object('b', 3))
    await become({ b: 3 })
    t.equal(reflector.synced, true)
    t.ok(heard.changes >= 3)
  })
  await t.test('a single 404 is not believed', async (t) => {
    const { server, heard, items } = await followThree(t, { optional: true })
    const sizes: number[] = []
    heard.onChange = () => sizes.push(Object.keys(items()).length)
    for (const lists of [3, 5]) {
      server.script('list', (response) => response.writeHead(404).end('404 page not found\n'))
      server.send('garbage\n')
      await server.next(isWatch)
      await server.watched()
      t.equal(counted(server).lists, lists)
    }
    t.strictSame(items(), { a: 1, b: 1, c: 1 })
    t.strictSame(sizes, [])
  })
  await t.test('is a failure where it has to be there', async (t) => {
    const server = await ScriptedApiServer.start(t)
    const { heard, reflector } = await follow(t, { server })
    await heard.until(() => heard.failures.length > 0)
    t.match(heard.failures, [/404 page not found/])
    t.equal(reflector.synced, false)
  })
})

t.test('run', async (t) => {
  await t.test('ends with its signal, and its connection with it', async (t) => {
    const { server, end } = await followThree(t)
    await Promise.all([end(), server.disconnected()])
  })
  await t.test('ends in a pause and in a list', async (t) => {
    const server = await ScriptedApiServer.start(t)
    const pausing = await follow(t, { server, optional: true, backoff: { absentMs: 60_000 } })
    await pausing.heard.until(() => pausing.heard.changes === 1)
    await pausing.end()
    mock.timers.enable({ apis: ['setTimeout'] }) // so that the list does not end by its own deadline
    t.teardown(() => mock.timers.reset())
    server.script('GET', () => {})
    const listing = await follow(t, { server })
    await server.next()
    await listing.end()
    t.strictSame(listing.heard.failures, [])
  })
  await t.test('not twice at a time, but again', async (t) => {
    const { server, reflector, heard, end } = await followThree(t)
    await t.rejects(reflector.run(heard, new AbortController().signal), { message: /runs already/ })
    await end()
    t.strictSame([...reflector.items.keys()], ['a', 'b', 'c'], 'what is known stays')
    await reflector.run(heard, AbortSignal.abort())
    t.equal(counted(server).lists, 1)
    const another = new Heard()
    const abort = new AbortController()
    another.onChange = () => abort.abort()
    await reflector.run(another, abort.signal)
    t.equal(another.changes, 1, 'whoever listens next is told what there is')
  })
})

/** What may happen to a list and to whoever follows it. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('put'), fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(3)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('remove'), fc.constantFrom('a', 'b', 'c', 'd')) },
  {
    weight: 6,
    arbitrary: fc.tuple(
      fc.constantFrom(
        'cut',
        'end',
        'compact',
        'bookmark',
        'garbage',
        'half a line',
        'failing list',
        'failing watch',
        'restart',
        'wait',
      ),
    ),
  },
)

t.test('whatever happens, in the end all is known as it is, and nothing that never was', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const server = await ScriptedApiServer.start(t, PATH)
      server.store.put(PATH, object('constant', 'x'))
      const were = new Set(['constant x'])
      const { reflector, heard, end } = await follow(t, { server, backoff: { healthyMs: 5 } })
      const wrong: string[] = []
      heard.onChange = () => {
        for (const [key, value] of reflector.items)
          if (!were.has(`${key} ${value}`)) wrong.push(`${key} never was ${value}`)
        if (!reflector.items.has('constant')) wrong.push('what was always there was missing')
      }
      for (const [what, name = '', value] of steps) {
        if (what === 'put') {
          were.add(`${name} ${value}`)
          server.store.put(PATH, object(name, value))
        } else if (what === 'remove') server.store.remove(PATH, name)
        else if (what === 'cut') server.cutConnections()
        else if (what === 'end') server.endWatches()
        else if (what === 'compact') server.store.compact()
        else if (what === 'bookmark') server.bookmark()
        else if (what === 'garbage') server.send('garbage\n')
        else if (what === 'half a line') server.send('{"type":"ADDED","object":{"metadata":{"name":"never"')
        else if (what === 'failing list')
          server.script('list', (response) => refuse(response, 500, '', 'no list'))
        else if (what === 'failing watch') server.script('watch', (response) => response.socket?.destroy())
        else if (what === 'restart') {
          await server.stop()
          await server.listen()
        } else await sleep(3)
      }
      // A last change is known when all before it is.
      were.add('last x')
      server.store.put(PATH, object('last', 'x'))
      await heard.until(() => reflector.items.has('last'))
      const there = server.store.objects(PATH).map((one) => [keyOf(one), one.value])
      const known = Object.fromEntries(reflector.items)
      await end()
      await server.stop()
      assert.deepEqual(wrong, [])
      assert.deepEqual(known, Object.fromEntries(there))
    }),
    { numRuns: 60 },
  )
})
