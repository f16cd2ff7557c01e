import type { OpenConnections } from './open-connections.ts'

/**
 * How long a drain takes. The API server keeps idle connections for 90 s and learns of an endpoint's end only after a while,
 * so it may send a request on an old or on a new connection long after readiness has failed.
 */
export interface DrainLimits {
  /** Nobody has been connected for this long. A proxy's view of the endpoints is some seconds old. */
  readonly quietMs: number
  /** The end, whoever is still connected: the 90 s of an idle connection and a little more. */
  readonly limitMs: number
}

/** Together with the start of the process's end within `terminationGracePeriodSeconds: 110`. */
export const DRAIN: DrainLimits = { quietMs: 5_000, limitMs: 95_000 }

/** Waits until nobody is connected any more. The caller has made readiness fail and goes on answering meanwhile. */
export async function drained(
  connections: Pick<OpenConnections, 'count' | 'onChange'>,
  { quietMs, limitMs }: DrainLimits = DRAIN,
): Promise<'quiet' | 'limit'> {
  return new Promise((resolve) => {
    let quiet: NodeJS.Timeout | undefined
    const finish = (how: 'quiet' | 'limit'): void => {
      clearTimeout(quiet)
      clearTimeout(limit)
      stop()
      resolve(how)
    }
    const look = (): void => {
      clearTimeout(quiet)
      if (connections.count === 0) quiet = setTimeout(() => finish('quiet'), quietMs)
    }
    const limit = setTimeout(() => finish('limit'), limitMs)
    const stop = connections.onChange(look)
    look()
  })
}
