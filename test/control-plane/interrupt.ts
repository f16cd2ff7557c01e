/** Ctrl-C, an end by another program, and a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** What a shell reports of a process that a signal ended: 128 and the signal's number. */
const EXIT_CODES: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

/**
 * A signal that is aborted by Ctrl-C or the like, with the exit code as its reason. Later ones are ignored, so that a
 * second Ctrl-C does not cut the cleaning up short; it takes well under a second.
 */
export function onInterrupt(): AbortSignal {
  const controller = new AbortController()
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (!controller.signal.aborted) controller.abort(new Interrupted(EXIT_CODES[signal] ?? 1))
    })
  }
  return controller.signal
}

/** Why things stopped: nobody did anything wrong. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: number

  constructor(exitCode: number) {
    super('interrupted')
    this.exitCode = exitCode
  }
}
