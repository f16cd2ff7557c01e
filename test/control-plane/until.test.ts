import t from 'tap'
import { until } from './until.ts'

const never = new AbortController().signal
const LONG = 60_000

t.test('asks until there is an answer', async (t) => {
  let asked = 0
  t.equal(await until('the third', LONG, never, async () => (++asked === 3 ? 'yes' : undefined)), 'yes')
  t.equal(asked, 3)
})

t.test('gives up after a time, and says what it waited for', async (t) => {
  await t.rejects(
    until('godot', 1, never, async () => undefined),
    { message: 'Waited 0.001 s for godot' },
  )
})

t.test('gives up on a question that is never answered', async (t) => {
  await t.rejects(
    until('godot', 1, never, () => new Promise(() => {})),
    { message: 'Waited 0.001 s for godot' },
  )
})

t.test('an interruption ends a question that is never answered', async (t) => {
  const controller = new AbortController()
  const waiting = until('godot', LONG, controller.signal, () => new Promise(() => {}))
  controller.abort(new Error('interrupted'))
  await t.rejects(waiting, { message: 'interrupted' })
})

t.test('an interruption ends the wait at once', async (t) => {
  const controller = new AbortController()
  const waiting = until('godot', LONG, controller.signal, async () => undefined)
  controller.abort(new Error('interrupted'))
  await t.rejects(waiting, { message: 'interrupted' })
})

t.test('an error of the question is passed on', async (t) => {
  const failing = until('godot', LONG, never, async () => {
    throw new Error('the road is closed')
  })
  await t.rejects(failing, { message: 'the road is closed' })
})
