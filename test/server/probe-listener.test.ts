import { once } from 'node:events'
import { request } from 'node:http'
import { Counter, Registry } from 'prom-client'
import t, { type Test } from 'tap'
import { ProbeListener } from '../../src/server/probe-listener.ts'

async function listening(t: Test) {
  const state: { problem: string | undefined } = { problem: undefined }
  const registry = new Registry()
  new Counter({ name: 'crates_total', help: 'Crates.', registers: [registry] }).inc(3)
  const listener = new ProbeListener({ registry, checks: [{ name: 'policy', problem: () => state.problem }] })
  const { port } = await listener.listen('127.0.0.1', 0)
  t.teardown(() => listener.close())
  return { state, get: (path: string, method = 'GET') => get(port, path, method) }
}

async function get(port: number, path: string, method: string) {
  const sent = request({ host: '127.0.0.1', port, path, method, agent: false }).end()
  const [response] = await once(sent, 'response')
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return { status: response.statusCode, type: response.headers['content-type'], text }
}

t.test('readiness follows its checks, liveness does not', async (t) => {
  const { state, get } = await listening(t)
  t.match(await get('/readyz'), { status: 200, type: /^text\/plain/, text: '[+] policy\nready\n' })
  state.problem = 'out at lunch'
  t.match(await get('/readyz'), {
    status: 503,
    type: /^text\/plain/,
    text: '[-] policy: out at lunch\nnot ready\n',
  })
  t.match(await get('/livez'), { status: 200, text: 'alive\n' })
  t.match(await get('/readyz?verbose'), { status: 503 }, 'with a query as well')
})

t.test('metrics as Prometheus reads them', async (t) => {
  const { get } = await listening(t)
  t.match(await get('/metrics'), {
    status: 200,
    type: /^text\/plain; version=0\.0\.4/,
    text: /^crates_total 3$/m,
  })
})

t.test('what else is asked for', async (t) => {
  const { get } = await listening(t)
  t.match(await get('/'), { status: 404, text: /\/livez, \/readyz and \/metrics/ })
  t.match(await get('/validate', 'POST'), { status: 404 })
})
