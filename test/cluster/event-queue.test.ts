import t from 'tap'
import { EventQueue, MAX_EVENTS } from '../../src/cluster/event-queue.ts'
import { said } from './owner-events.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 12, 0, second))

t.test('the same is kept once, and counted from when it was written last', async (t) => {
  const queue = new EventQueue()
  for (const second of [1, 2, 3]) t.ok(queue.note(said(), at(second)))
  const series = queue.next()
  t.match(series, { unwritten: 3, first: at(1), last: at(3), stored: false })
  if (series) series.unwritten = 0
  t.equal(queue.next(), undefined)
  queue.note(said(), at(4))
  t.match(queue.next(), { unwritten: 1, first: at(4), last: at(4) })
})

t.test('who has been due for longest is first', async (t) => {
  const queue = new EventQueue()
  for (const topic of ['a', 'b']) queue.note(said({ topic }), at(1))
  const a = queue.next()
  t.equal(a?.said.topic, 'a')
  if (a) a.dueAt += 60_000
  t.equal(queue.next()?.said.topic, 'b')
})

t.test('where it is full, what is written makes room, and else nothing does', async (t) => {
  const queue = new EventQueue()
  for (let index = 0; index < MAX_EVENTS; index++) t.ok(queue.note(said({ topic: `${index}` }), at(1)))
  t.equal(queue.note(said({ topic: 'one more' }), at(1)), false)
  t.ok(queue.note(said({ topic: '0' }), at(1)), 'what is known is counted all the same')
  const oldest = queue.next()
  if (oldest) oldest.unwritten = 0
  t.ok(queue.note(said({ topic: 'one more' }), at(1)))
  t.equal(queue.note(said({ topic: 'another' }), at(1)), false)
  t.equal(queue.note(said({ topic: '0' }), at(1)), false, 'it was forgotten')
})
