import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { BodyBudget } from '../../src/server/body-budget.ts'
import { MAX_BODY_BYTES, MAX_DISCARDED_BYTES } from '../../src/server/bounds.ts'
import { type Received, readReviewBody } from '../../src/server/read-review-body.ts'
import { Refusal } from '../../src/server/refusal.ts'

/** A request whose body a test writes. */
function arriving(headers: Record<string, string> = {}) {
  const stream = Object.assign(new PassThrough({ highWaterMark: 64 * MAX_BODY_BYTES }), { headers })
  const budget = new BodyBudget()
  const received = new Promise<Received>((resolve) => {
    readReviewBody(stream as unknown as IncomingMessage, budget, resolve)
  })
  return { stream, budget, received }
}

t.test('a body in pieces that cut a character', async (t) => {
  const { stream, budget, received } = arriving()
  const bytes = Buffer.from('{"name":"é"}')
  for (const byte of bytes) stream.write(Buffer.from([byte]))
  stream.end()
  const { content, release } = await received
  t.strictSame(content, { value: { name: 'é' } })
  t.equal(budget.bytes, bytes.length, 'counted until it is answered')
  release()
  t.equal(budget.bytes, 0)
})

t.test('a body that is announced as far too large is not read', async (t) => {
  const { stream, received } = arriving({
    'content-length': String(MAX_BODY_BYTES + MAX_DISCARDED_BYTES + 1),
  })
  t.equal((await received).content, Refusal.tooLarge)
  t.equal(stream.listenerCount('data'), 0)
})

t.test('a body that grows too large is no longer kept', async (t) => {
  const { stream, budget, received } = arriving()
  const piece = Buffer.alloc(1024 * 1024, ' ')
  for (let sent = 0; sent <= MAX_BODY_BYTES + MAX_DISCARDED_BYTES; sent += piece.length) stream.write(piece)
  t.equal((await received).content, Refusal.tooLarge, 'refused before it has ended')
  t.equal(budget.bytes, 0)
  stream.destroy()
})

t.test('a client that goes away is told apart', async (t) => {
  const { stream, budget, received } = arriving()
  stream.write('{')
  while (budget.bytes === 0) await new Promise(setImmediate)
  stream.destroy()
  const { content, release } = await received
  t.equal(content, Refusal.aborted)
  release()
  t.equal(budget.bytes, 0)
})

t.test('while the budget is spent, the socket of a younger body is not read', async (t) => {
  const budget = new BodyBudget(8, 4, 0)
  const oldest = budget.open({ pause() {}, resume() {} })
  oldest.add(5)
  const { arrived, sent } = await posted(t)
  let done: Received | undefined
  const received = new Promise<Received>((resolve) => {
    readReviewBody(arrived, budget, (result) => {
      done = result
      resolve(result)
    })
  })
  sent.end('{}')
  await once(sent, 'finish')
  await new Promise((resolve) => setTimeout(resolve, 20))
  t.equal(done, undefined)
  t.ok(arrived.isPaused())
  oldest.release()
  t.strictSame((await received).content, { value: {} })
})

/** A request that has arrived with its headers alone. */
async function posted(t: Test) {
  const server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const sent = request({ host: '127.0.0.1', port, method: 'POST', agent: false })
  sent.on('error', () => {}) // the test ends without an answer
  sent.flushHeaders()
  const [arrived] = (await once(server, 'request')) as [IncomingMessage]
  return { arrived, sent }
}
