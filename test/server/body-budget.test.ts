import fc from 'fast-check'
import t from 'tap'
import { type BodyAccount, BodyBudget } from '../../src/server/body-budget.ts'
import { SMALL_BODY_BYTES } from '../../src/server/bounds.ts'

/** A client that sends one byte at a time while it may. */
class Sender {
  readonly size: number
  paused = false
  sent = 0
  readonly account: BodyAccount
  constructor(budget: BodyBudget, size: number) {
    this.size = size
    this.account = budget.open(this)
  }
  pause(): void {
    this.paused = true
  }
  resume(): void {
    this.paused = false
  }
  get done(): boolean {
    return this.sent === this.size
  }
  send(): void {
    this.sent += 1
    this.account.add(1)
    if (this.done) {
      this.account.complete()
      this.account.release()
    }
  }
}

t.test('what is counted is what has arrived', async (t) => {
  const budget = new BodyBudget(10, 4, 0)
  const one = new Sender(budget, 4)
  t.equal(budget.bytes, 0, 'announcing costs nothing')
  one.account.add(3)
  t.equal(budget.bytes, 3)
  one.account.complete()
  t.equal(budget.bytes, 3, 'until it is answered')
  one.account.release()
  one.account.release()
  t.equal(budget.bytes, 0, 'releasing twice counts once')
})

t.test('above the bound only the oldest goes on', async (t) => {
  const budget = new BodyBudget(10, 4, 0)
  const [oldest, second, third] = [new Sender(budget, 4), new Sender(budget, 4), new Sender(budget, 4)]
  for (let i = 0; i < 3; i++) {
    second.account.add(1)
    third.account.add(1)
  }
  t.strictSame([oldest.paused, second.paused, third.paused], [false, true, true])
  const late = new Sender(budget, 4)
  t.ok(late.paused, 'a new one waits before it begins')
  oldest.account.release()
  t.notOk(second.paused, 'the next oldest follows')
  t.ok(third.paused)
  second.account.release()
  t.notOk(third.paused, 'below the bound all go on')
  t.notOk(late.paused)
})

t.test('a small one never waits', async (t) => {
  const budget = new BodyBudget(10, 4, 2)
  for (let i = 0; i < 2; i++) new Sender(budget, 4).account.add(4)
  const large = new Sender(budget, 4)
  t.ok(large.paused)
  const small = { paused: false, pause: () => t.fail('told to wait'), resume() {} }
  const account = budget.open(small, SMALL_BODY_BYTES)
  account.add(2)
  t.equal(budget.bytes, 10, 'but is counted')
  account.complete()
  account.release()
  account.release()
  t.equal(budget.bytes, 8)
})

t.test('the bound holds and every body is read in the end, whatever arrives in which order', async () => {
  const LARGEST = 6
  const LIMIT = 16
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: LARGEST }), { minLength: 1, maxLength: 30 }),
      fc.infiniteStream(fc.nat()),
      (sizes, choices) => {
        const budget = new BodyBudget(LIMIT, LARGEST, 0)
        const waiting = [...sizes]
        const senders: Sender[] = []
        for (const choice of choices) {
          if (waiting.length > 0 && choice % 3 === 0) senders.push(new Sender(budget, waiting.pop() ?? 1))
          const ready = senders.filter((sender) => !sender.done && !sender.paused)
          const unfinished = senders.some((sender) => !sender.done)
          if (unfinished && ready.length === 0) return false
          if (!unfinished && waiting.length === 0) return budget.bytes === 0
          ready[choice % ready.length]?.send()
          if (budget.bytes > LIMIT) return false
        }
        return false
      },
    ),
  )
})
