import { EventEmitter, once } from 'node:events'

/** A line of tallyman's log (pino): `msg` is constant text, the rest depends on it. */
export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [key: string]: unknown
}

/** Longer than any event takes; the slowest is the poll of a policy file, every 10 s. */
const WITHIN_MS = 30_000

/** The log of one process, as it grows. */
export class LogLines {
  readonly lines: LogLine[] = []
  readonly #name: string
  readonly #grown = new EventEmitter()
  #rest = ''
  #ended = false

  constructor(name: string) {
    this.#name = name
    this.#grown.setMaxListeners(0)
  }

  /** Takes output as it comes, in pieces that may end inside a line. What is no JSON is left out. */
  take(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('{')) this.lines.push(JSON.parse(line))
    this.#grown.emit('grown')
  }

  /** Says that no more lines come, so that nobody waits for one. */
  end(): void {
    this.#ended = true
    this.#grown.emit('grown')
  }

  /**
   * Waits for a line.
   * @param msg its `msg`, or what is to hold of it
   * @param since how many lines to pass over; those logged so far where it is missing
   * @throws Error where the process ends before, or takes too long
   */
  async next(
    msg: string | ((line: LogLine) => boolean),
    { since = this.lines.length, withinMs = WITHIN_MS }: { since?: number; withinMs?: number } = {},
  ): Promise<LogLine> {
    const wanted = typeof msg === 'string' ? (line: LogLine) => line.msg === msg : msg
    const timeout = new AbortController()
    const timer = setTimeout(() => timeout.abort(), withinMs)
    try {
      for (let from = since; ; ) {
        const found = this.lines.slice(from).find(wanted)
        if (found !== undefined) return found
        from = Math.max(from, this.lines.length)
        if (this.#ended) throw new Error(`${this.#name} ended and did not log ${msg}; ${this.#last()}`)
        await once(this.#grown, 'grown', { signal: timeout.signal })
      }
    } catch (error) {
      if (!timeout.signal.aborted) throw error
      throw new Error(`${this.#name} did not log ${msg} within ${withinMs / 1000} s; ${this.#last()}`)
    } finally {
      clearTimeout(timer)
    }
  }

  #last(): string {
    return `its last line: ${this.lines.at(-1)?.msg ?? 'nothing'}`
  }
}
