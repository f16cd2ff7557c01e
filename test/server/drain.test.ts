import t from 'tap'
import { DRAIN, drained } from '../../src/server/drain.ts'

/** Longer than a test lasts. */
const NEVER = 1e6

class Connections {
  count: number
  #listener: () => void = () => {}
  listening = false
  constructor(count: number) {
    this.count = count
  }
  onChange(listener: () => void): () => void {
    this.#listener = listener
    this.listening = true
    return () => {
      this.listening = false
    }
  }
  set(count: number): void {
    this.count = count
    this.#listener()
  }
}

t.test('it ends when nobody has been connected for a while', async (t) => {
  const connections = new Connections(0)
  t.equal(await drained(connections, { quietMs: 1, limitMs: NEVER }), 'quiet')
  t.notOk(connections.listening, 'and listens no longer')
})

t.test('it waits for the last connection to end', async (t) => {
  const connections = new Connections(2)
  let ended: string | undefined
  const drain = drained(connections, { quietMs: 1, limitMs: NEVER }).then((how) => {
    ended = how
  })
  connections.set(1)
  await new Promise((resolve) => setTimeout(resolve, 20))
  t.equal(ended, undefined, 'one is still open, for longer than the quiet time')
  connections.set(0)
  await drain
  t.equal(ended, 'quiet')
})

t.test('it ends at the limit, whoever is still connected', async (t) => {
  t.equal(await drained(new Connections(1), { quietMs: NEVER, limitMs: 1 }), 'limit')
})

t.test(
  'the limit is longer than an API server keeps idle connections, and shorter than the grace period',
  async (t) => {
    t.ok(DRAIN.limitMs > 90_000)
    t.ok(DRAIN.limitMs < 110_000)
    t.ok(DRAIN.quietMs < DRAIN.limitMs)
  },
)
