import { readFile } from 'node:fs/promises'
import { explainLog, portWasTaken, tail } from './log-hints.ts'
import type { Supervised } from './supervisor.ts'
import { describeExit } from './supervisor-messages.ts'
import { until } from './until.ts'

/** A boot takes a few seconds on two idle cores; this leaves room for a machine that compiles meanwhile. */
const READY_WITHIN_MS = 90_000

/** A server ended or did not get ready; the message holds the last lines that it logged. */
export class ServerFailure extends Error {
  override readonly name = 'ServerFailure'
  /** Whether another try, with other ports, may do. */
  readonly portWasTaken: boolean

  /** @param byStranger whether something answered that was not understood, as another server at its port would */
  constructor(what: string, log: string, byStranger = false) {
    super(`${what}.${explainLog(log)}${log === '' ? '' : ` It logged last:\n${tail(log)}`}`)
    this.portWasTaken = byStranger || portWasTaken(log)
  }
}

/**
 * Waits until a server is ready, and no longer than any of the servers that it depends on lives.
 * @param servers the one that is waited for first, then those that it needs
 * @param ask answers true when it is ready; what it throws is taken for another server's answer
 */
export async function ready(
  servers: readonly [Supervised, ...Supervised[]],
  signal: AbortSignal,
  ask: () => Promise<boolean>,
): Promise<void> {
  const settled = new AbortController()
  const ended = servers.map(async (server) => {
    const exit = await server.exited
    signal.throwIfAborted() // then it ended because it was told to
    throw new ServerFailure(`${server.name} ${describeExit(exit)} before it was of use`, await logOf(server))
  })
  const [waited] = servers
  let byStranger = false
  const asked = until(
    `${waited.name} to be ready`,
    READY_WITHIN_MS,
    AbortSignal.any([signal, settled.signal]),
    async () => {
      try {
        return (await ask()) ? true : undefined
      } catch (error) {
        byStranger = true
        throw error
      }
    },
  )
  try {
    await Promise.race([asked, ...ended])
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ServerFailure) throw error
    throw new ServerFailure((error as Error).message, await logOf(waited), byStranger)
  } finally {
    settled.abort()
  }
}

async function logOf({ log }: Supervised): Promise<string> {
  return await readFile(log, 'utf8').catch(() => '')
}

/** What a failed connection says while nobody listens yet, or while a server has not quite begun to speak TLS. */
const NOT_YET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE'])

/** False while a connection is refused; other errors are passed on, because waiting does not mend them. */
export async function once200(ask: () => Promise<{ readonly status: number }>): Promise<boolean> {
  try {
    return (await ask()).status === 200
  } catch (error) {
    if (NOT_YET.has((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}
