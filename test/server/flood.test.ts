// A hundred bodies of 20 MiB at once, two gigabytes, against a process of its own: what it needs is bounded, all get their
// answer, and others are served meanwhile.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { MAX_BYTES_IN_FLIGHT } from '../../src/server/bounds.ts'
import { shippedEnvironment } from '../bench/shipped-environment.ts'
import { HOST, podReview } from './listening.ts'

const CLIENTS = 100
const BODY_BYTES = 20 * 1024 * 1024

/** What is in flight, the largest body once more as text and parsed, and a Node process with a hundred TLS connections. */
const MOST_MEMORY = MAX_BYTES_IN_FLIGHT + 3 * BODY_BYTES + 250 * 1024 * 1024

t.test('a hundred of 20 MiB at once', async (t) => {
  const shipped = shippedEnvironment(fileURLToPath(new URL('../../', import.meta.url)))
  const server = fork(new URL('flooded.ts', import.meta.url), {
    execArgv: [],
    env: { ...process.env, ...shipped },
  })
  t.teardown(() => server.kill('SIGKILL'))
  const [{ port, ca }] = (await once(server, 'message')) as [{ port: number; ca: string }]
  const review = Buffer.from(JSON.stringify(podReview('registry.example.com/app:latest')))
  const large = Buffer.alloc(BODY_BYTES, ' ')
  review.copy(large)
  const send = async (body: Buffer, agent: Agent | false = false): Promise<boolean | number> => {
    const sent = request({
      host: HOST,
      port,
      ca,
      agent,
      method: 'POST',
      path: '/validate',
      headers: { 'content-type': 'application/json', 'content-length': body.length },
    })
    Readable.from(pieces(body)).pipe(sent)
    const [response] = await once(sent, 'response')
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) text += chunk
    return response.statusCode === 200 ? JSON.parse(text).response.allowed : response.statusCode
  }
  // As an API server would: on a connection that is open already.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  t.equal(await send(review, agent), false)
  const flood = Array.from({ length: CLIENTS }, () => send(large))
  t.equal(await send(review, agent), false, 'a usual one in between is answered')
  const answers = await Promise.all(flood)
  t.strictSame(answers, Array(CLIENTS).fill(false), 'each of them is judged')
  t.equal(await send(review, agent), false, 'and it goes on serving')
  server.send('report')
  const [{ bytes }] = (await once(server, 'message')) as [{ bytes: number }]
  t.equal(bytes, 0, 'nothing is left in flight')
  if (process.platform === 'linux') {
    const peak =
      Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) * 1024
    t.comment(`peak resident memory ${Math.round(peak / 1024 / 1024)} MiB`)
    t.ok(peak < MOST_MEMORY, `peak resident memory ${peak} is below ${MOST_MEMORY}`)
  }
})

/** So that the test itself holds each body but once. */
function* pieces(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += 64 * 1024) yield body.subarray(at, at + 64 * 1024)
}
