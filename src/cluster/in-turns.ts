import { setImmediate as turn } from 'node:timers/promises'

/** For so long, in milliseconds, whatever is due waits for work that nobody waits for: about as long as for one verdict. */
const SLICE_MS = 2

/**
 * Does work in steps, a slice at a time; in between, whatever else is due has its turn.
 * @throws what a step throws, and the signal's reason where it aborts
 */
export async function inTurns<T>(
  steps: Iterator<unknown, T>,
  { signal, sliceMs = SLICE_MS }: { readonly signal?: AbortSignal; readonly sliceMs?: number } = {},
): Promise<T> {
  for (;;) {
    await turn()
    signal?.throwIfAborted()
    const end = performance.now() + sliceMs
    do {
      const { done, value } = steps.next()
      if (done) return value
    } while (performance.now() < end)
  }
}
