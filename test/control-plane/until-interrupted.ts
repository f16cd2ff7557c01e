import type { Supervised } from './supervisor.ts'
import { describeExit } from './supervisor-messages.ts'

/**
 * Waits for Ctrl-C, as long as all of these run; the supervisor's channel keeps Node alive meanwhile.
 * @throws the signal's reason when it is aborted; Error when a process ends without having been told to
 */
export async function untilInterrupted(
  processes: readonly Supervised[],
  signal: AbortSignal,
): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason))
  if (signal.aborted) reject(signal.reason)
  return await Promise.race([promise, ...processes.map((process) => unexpectedEnd(process, signal))])
}

async function unexpectedEnd({ name, exited }: Supervised, signal: AbortSignal): Promise<never> {
  const exit = await exited
  signal.throwIfAborted()
  throw new Error(`${name} ${describeExit(exit)}`)
}
