import { setTimeout } from 'node:timers/promises'

/** Between two attempts: short beside the seconds that a boot takes, long beside the millisecond an attempt costs. */
const PAUSE_MS = 25

/**
 * Asks again and again until the answer is something other than undefined.
 * For states that nothing announces; where there is an event, await that.
 * @param what is waited for, as it is to be read in an error: `kube-apiserver to be ready`
 * @throws Error when it takes longer than `withinMs`; the signal's reason when it is aborted; what `ask` throws
 */
export async function until<T>(
  what: string,
  withinMs: number,
  signal: AbortSignal,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline) {
    signal.throwIfAborted()
    const answer = await ask()
    if (answer !== undefined) return answer
    await setTimeout(PAUSE_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
  throw new Error(`Waited ${withinMs / 1000} s for ${what}`)
}
