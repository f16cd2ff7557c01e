import { setTimeout } from 'node:timers/promises'

/**
 * Calls at a fixed rate until the signal aborts. A slow answer delays no later call, because the users of a cluster do
 * not wait for each other; what a stall of this process has delayed is made up for at once.
 */
export async function atRate(
  perSecond: number,
  signal: AbortSignal,
  call: (index: number) => void,
): Promise<void> {
  const began = performance.now()
  for (let made = 0; !signal.aborted; ) {
    const due = dueBy(performance.now() - began, perSecond)
    while (made < due) call(made++)
    const next = began + (made * 1000) / perSecond
    await setTimeout(Math.max(1, next - performance.now()), undefined, { signal }).catch(() => {})
  }
}

/** How many calls are due after so many milliseconds; the first is due at once. */
export function dueBy(elapsedMs: number, perSecond: number): number {
  return Math.floor((elapsedMs / 1000) * perSecond) + 1
}
