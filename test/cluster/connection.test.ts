import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import type { AskOptions } from '../../src/cluster/api.ts'
import { aheadOf, Connection } from '../../src/cluster/connection.ts'
import type { Login } from '../../src/cluster/login.ts'
import { answer, ScriptedApiServer } from './scripted-api-server.ts'

const GET = { method: 'GET', path: '/p', headers: { accept: 'application/json' } }

function connected(t: Test, login: Login) {
  const connection = new Connection(login)
  t.teardown(() => connection.close())
  const ask = (options: AskOptions = {}, what: object = GET) =>
    connection.within(options, async (stop) => {
      const response = await connection.send({ ...GET, ...what }, stop)
      return { status: response.statusCode, body: await text(response) }
    })
  return { connection, ask }
}

/** A login whose tokens are the given ones, each until it is refused. */
function tokens(server: ScriptedApiServer, ...given: [string, ...string[]]) {
  const told = { refused: 0 }
  const login: Login = {
    ...server.login(),
    headers: async () => ({ authorization: `Bearer ${given[Math.min(told.refused, given.length - 1)]}` }),
    refused: () => {
      told.refused += 1
    },
  }
  return { login, told }
}

t.test('what is sent', async (t) => {
  const server = await ScriptedApiServer.start(t)
  server.script('POST', (response) => answer(response, 201, {}))
  const { ask } = connected(t, server.login({ authorization: 'Bearer abc', 'impersonate-user': 'jane' }))
  const headers = { 'content-type': 'application/json' }
  t.match(await ask({}, { method: 'POST', path: '/p?a=b', headers, body: '{"a":"größe"}' }), { status: 201 })
  t.match(server.asked, [
    {
      method: 'POST',
      path: '/p',
      headers: {
        ...headers,
        authorization: 'Bearer abc',
        'impersonate-user': 'jane',
        'content-length': '15',
      },
      body: '{"a":"größe"}',
    },
  ])
})

t.test('a path of the server stays before that of a request', async (t) => {
  const server = await ScriptedApiServer.start(t)
  const { ask } = connected(t, { ...server.login(), server: `${server.url}/clusters/c-1` })
  await ask()
  t.equal(server.asked[0]?.path, '/clusters/c-1/p')
})

t.test('one connection serves one request after the other', async (t) => {
  const server = await ScriptedApiServer.start(t)
  const { ask, connection } = connected(t, server.login())
  for (let i = 0; i < 5; i++) await ask()
  t.equal(server.connections, 1)
  const ended = server.disconnected()
  connection.close()
  await ended
})

t.test('401', async (t) => {
  await t.test('another login is tried at once', async (t) => {
    const server = await ScriptedApiServer.start(t, '/p')
    server.tokens = new Set(['new'])
    const { login, told } = tokens(server, 'old', 'new')
    t.match(await connected(t, login).ask(), { status: 200 })
    t.equal(told.refused, 1)
  })
  await t.test('and no third one', async (t) => {
    const server = await ScriptedApiServer.start(t)
    server.tokens = new Set()
    const { login, told } = tokens(server, 'a', 'b', 'c')
    t.match(await connected(t, login).ask(), { status: 401 })
    t.equal(told.refused, 1)
  })
  await t.test('the same login is not tried twice', async (t) => {
    const server = await ScriptedApiServer.start(t)
    server.tokens = new Set()
    const { login } = tokens(server, 'a')
    t.match(await connected(t, login).ask(), { status: 401, body: /Unauthorized/ })
    t.equal(server.asked.length, 1)
  })
})

t.test('what ends a request', async (t) => {
  const server = await ScriptedApiServer.start(t)
  const { ask } = connected(t, server.login())
  const late = { name: 'ApiError', status: 0, message: `API server ${server.url}: no answer within 0.05 s` }
  server.script('GET', () => {})
  await t.rejects(ask({ timeoutMs: 50 }), late, 'no answer')
  server.script('GET', (response) => void response.writeHead(200).write('{'))
  await t.rejects(ask({ timeoutMs: 50 }), late, 'half an answer')

  for (const [what, begin] of [
    ['no answer', () => {}],
    ['half an answer', (response) => void response.writeHead(200).write('{')],
  ] as [string, Parameters<typeof server.script>[1]][]) {
    const abort = new AbortController()
    server.script('GET', (response, asked) => {
      begin(response, asked)
      setImmediate(() => abort.abort(new Error('no longer needed')))
    })
    await t.rejects(ask({ signal: abort.signal }), { message: 'no longer needed' }, `aborted: ${what}`)
    await t.rejects(ask({ signal: abort.signal }), { message: 'no longer needed' }, 'aborted before')
  }
})

t.test('a connection that fails', async (t) => {
  const server = await ScriptedApiServer.start(t)
  server.script('GET', (response) => response.socket?.destroy())
  const cut = { name: 'ApiError', status: 0, message: `API server ${server.url}: the connection was cut` }
  await t.rejects(connected(t, server.login()).ask(), cut, 'cut before it answered')
  server.script('GET', (response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{')
    setImmediate(() => response.socket?.destroy())
  })
  await t.rejects(connected(t, server.login()).ask(), cut, 'cut while it answered')
  await t.rejects(
    connected(t, { ...server.login(), tls: {} }).ask(),
    { status: 0, message: /: its certificate is not signed by the CA of this login$/ },
    'an unknown CA',
  )
  t.match(
    await connected(t, { ...server.login(), tls: { rejectUnauthorized: false } }).ask(),
    { status: 404 },
    'unless it may be any',
  )
  await server.stop()
  await t.rejects(
    connected(t, server.login()).ask(),
    { name: 'ApiError', status: 0, message: `API server ${server.url}: nothing listens there` },
    'nobody listens',
  )
})

t.test('an idle connection that the server closes as it is used again', async (t) => {
  const server = await ScriptedApiServer.start(t)
  const { ask } = connected(t, server.login())
  const closing = () => server.script('GET', (response) => response.socket?.destroy())
  const used = async () => {
    await ask()
    closing()
  }
  await used()
  t.match(await ask(), { status: 404 }, 'a read is repeated, on another one')
  await used()
  server.script('POST', (response) => response.socket?.destroy())
  await t.rejects(
    ask({}, { method: 'POST' }),
    { status: 0, message: /the connection was cut/ },
    'a write is not',
  )
})

t.test('a login that fails', async (t) => {
  const server = await ScriptedApiServer.start(t)
  const failing = { ...server.login(), headers: () => Promise.reject(new Error('the plugin failed')) }
  await t.rejects(connected(t, failing).ask(), { message: 'the plugin failed' })
  t.equal(server.asked.length, 0)
})

t.test("the server's clock", async (t) => {
  const server = await ScriptedApiServer.start(t)
  const { connection, ask } = connected(t, server.login())
  const close = (a: Date, b: number) => Math.abs(a.getTime() - b) < 60_000
  t.ok(close(connection.now(), Date.now()), 'ours, before it has answered')
  for (const ahead of [7_200_000, -86_400_000]) {
    const date = new Date(Date.now() + ahead).toUTCString()
    server.script('GET', (response) => response.setHeader('date', date).end('{}'))
    await ask()
    t.ok(close(connection.now(), Date.now() + ahead))
  }
})

const clocks: [what: string, date: string | undefined, ahead: number][] = [
  ['no date', undefined, 0],
  ['junk', 'yesterday', 0],
  ['what the time under way explains', 'Mon, 23 Nov 2026 11:59:57 GMT', 0],
  ['an hour ahead', 'Mon, 23 Nov 2026 13:00:00 GMT', 3_600_000],
  ['an hour behind', 'Mon, 23 Nov 2026 11:00:00 GMT', -3_600_000],
]
for (const [what, date, ahead] of clocks)
  t.test(`a clock: ${what}`, async (t) => t.equal(aheadOf(Date.parse('2026-11-23T12:00:00Z'), date), ahead))
