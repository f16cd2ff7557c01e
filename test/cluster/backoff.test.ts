import t, { type Test } from 'tap'
import { Backoff, jittered } from '../../src/cluster/backoff.ts'

/** The bounds within which the next pauses have to be. */
function within(t: Test, backoff: Backoff, bounds: readonly number[]): void {
  for (const most of bounds) {
    const pause = backoff.next()
    t.ok(pause >= most / 2 && pause <= most, `${pause} is between ${most / 2} and ${most}`)
  }
}

t.test('each pause is twice as long, up to a bound, and begins anew', async (t) => {
  const backoff = new Backoff(100, 1000)
  within(t, backoff, [100, 200, 400, 800, 1000, 1000])
  for (let i = 0; i < 2000; i++) backoff.next()
  within(t, backoff, [1000])
  backoff.reset()
  within(t, backoff, [100, 200])
})

t.test('no two are alike', async (t) => {
  t.ok(new Set(Array.from({ length: 20 }, () => jittered(1000))).size > 1)
})
