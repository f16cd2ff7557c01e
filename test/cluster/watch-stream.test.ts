import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { WatchEvent } from '../../src/cluster/api.ts'
import { watchEvents } from '../../src/cluster/watch-stream.ts'

const object = { metadata: { name: 'größe-☸-\u{1f6a2}', resourceVersion: '1' } }
const event = (type: string, of: unknown = object) => `${JSON.stringify({ type, object: of })}\n`

async function* inChunks(...chunks: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

async function read(chunks: AsyncIterable<Buffer>, maxLineBytes?: number): Promise<WatchEvent[]> {
  const events: WatchEvent[] = []
  for await (const one of watchEvents(chunks, maxLineBytes)) events.push(one)
  return events
}

t.test('one event a line', async (t) => {
  const types = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']
  t.strictSame(
    await read(inChunks(types.map((type) => event(type)).join(''), '\n')),
    types.map((type) => ({ type, object })),
  )
})

t.test('wherever the chunks are cut, the events are the same', async () => {
  const text = Buffer.from(event('ADDED') + event('MODIFIED') + event('DELETED'))
  const whole = await read(inChunks(text))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 12 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length]
      const pieces = at.slice(1).map((end, i) => text.subarray(at[i], end))
      assert.deepEqual(await read(inChunks(...pieces)), whole)
    }),
  )
})

t.test('a line without its end is nothing', async (t) => {
  t.strictSame(await read(inChunks(event('ADDED'), event('DELETED').slice(0, -1))), [
    { type: 'ADDED', object },
  ])
})

t.test('an ERROR event is an error, with the code of its Status', async (t) => {
  const status = { kind: 'Status', message: 'too old resource version: 1 (7)', reason: 'Expired', code: 410 }
  await t.rejects(read(inChunks(event('ERROR', status))), {
    name: 'ApiError',
    status: 410,
    reason: 'Expired',
    message: 'too old resource version: 1 (7)',
  })
})

t.test('what makes no sense is an error', async (t) => {
  for (const line of [
    'garbage\n',
    '{"type":"ADDED","object":\n',
    'null\n',
    '7\n',
    '{}\n',
    event('ADDED', null),
    event('ADDED', 'text'),
    event('RENAMED'),
    event('ERROR', { kind: 'Pod' }),
  ])
    await t.rejects(
      read(inChunks(line)),
      { name: 'ApiError', status: 200, message: /^The watch makes no sense: an event/ },
      line,
    )
})

t.test('a line is bounded, and its end need not be waited for', async (t) => {
  const endless = (async function* () {
    for (;;) yield Buffer.alloc(1000, 'x')
  })()
  await t.rejects(read(endless, 10_000), { status: 200, message: /an event has more than 10000 bytes/ })
  const line = event('ADDED')
  const bytes = Buffer.byteLength(line) - 1
  const pieces = [line.slice(0, 5), line.slice(5) + line.slice(0, 9), line.slice(9)]
  t.equal((await read(inChunks(...pieces), bytes)).length, 2, 'each line for itself')
})
