import t from 'tap'
import { atRate, dueBy } from './rate.ts'

const cases: [elapsedMs: number, perSecond: number, due: number, why: string][] = [
  [0, 100, 1, 'the first is due at once'],
  [9.9, 100, 1, 'the second not yet'],
  [10, 100, 2, 'the second'],
  [1000, 100, 101, 'after a second'],
  [500, 1, 1, 'a slow rate'],
  [60_000, 200, 12_001, 'after a stall of a minute all of them'],
]
for (const [elapsedMs, perSecond, due, why] of cases) {
  t.test(`${perSecond} a second after ${elapsedMs} ms: ${why}`, async (t) =>
    t.equal(dueBy(elapsedMs, perSecond), due),
  )
}

t.test('calls in order until it is told to stop', async (t) => {
  const stop = new AbortController()
  const calls: number[] = []
  await atRate(1000, stop.signal, (index) => {
    calls.push(index)
    if (index === 5) stop.abort()
  })
  t.strictSame(calls.slice(0, 6), [0, 1, 2, 3, 4, 5])
})

t.test('makes no call where it is stopped before', async (t) => {
  await atRate(1000, AbortSignal.abort(), () => t.fail('called'))
  t.pass()
})
