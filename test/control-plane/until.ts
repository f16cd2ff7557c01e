import { setTimeout as pause } from 'node:timers/promises'

/** Between two attempts: short beside the seconds that a boot takes, long beside the millisecond an attempt costs. */
const PAUSE_MS = 25

/**
 * Asks again and again until the answer is something other than undefined.
 * For states that nothing announces; where there is an event, await that.
 * @param what is waited for, as it is to be read in an error: `kube-apiserver to be ready`
 * @throws Error when it takes longer than `withinMs`, be it that one question is not answered; the signal's reason when it
 * is aborted; what `ask` throws
 */
export async function until<T>(
  what: string,
  withinMs: number,
  signal: AbortSignal,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  signal.throwIfAborted()
  const { promise: over, reject } = Promise.withResolvers<never>()
  const late = setTimeout(() => reject(new Error(`Waited ${withinMs / 1000} s for ${what}`)), withinMs)
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort)
  try {
    for (;;) {
      const answer = await Promise.race([ask(), over])
      if (answer !== undefined) return answer
      await Promise.race([pause(PAUSE_MS), over])
    }
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', abort)
  }
}
