import t from 'tap'
import { inTurns } from '../../src/cluster/in-turns.ts'

/** Counts to a hundred, and how many turns others had meanwhile. */
async function counting(sliceMs: number): Promise<{ said: string; turns: number }> {
  let turns = 0
  let over = false
  const other = () => {
    turns += 1
    if (!over) setImmediate(other)
  }
  setImmediate(other)
  const said = await inTurns(hundred(), { sliceMs })
  over = true
  return { said, turns }
}

function* hundred(): Generator<undefined, string> {
  for (let step = 0; step < 100; step += 1) yield
  return 'done'
}

t.test('after each slice others have their turn', async (t) => {
  t.match(await counting(0), { said: 'done' })
  t.ok((await counting(0)).turns >= 100, 'of no length: after each step')
  t.ok((await counting(60_000)).turns <= 2, 'long enough: no more than once before it begins')
})

t.test('it ends with its signal', async (t) => {
  const abort = new AbortController()
  function* forever(): Generator<number, never> {
    for (let step = 0; ; step += 1) {
      if (step === 3) abort.abort(new Error('over'))
      yield step
    }
  }
  await t.rejects(inTurns(forever(), { signal: abort.signal, sliceMs: 0 }), { message: 'over' })
})

t.test('what a step throws comes out', async (t) => {
  // biome-ignore lint/correctness/useYield: it fails before
  function* failing(): Generator<number, never> {
    throw new Error('a fault')
  }
  await t.rejects(inTurns(failing()), { message: 'a fault' })
})
