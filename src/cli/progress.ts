import type { Terminal } from './terminal.ts'

/** What takes less time needs no explanation. */
const PATIENCE_MS = 500

/** More often nobody reads. */
const REFRESH_MS = 100

/** Says on one line of a terminal how far long work is; says nothing where nobody looks. */
export class Progress {
  readonly #stream: Terminal['stderr'] & { isTTY?: boolean; columns?: number }
  readonly #clock: () => number
  #nextAt: number
  #shown = false

  /** @param clock milliseconds that never go back */
  constructor(stream: Terminal['stderr'], clock: () => number = () => performance.now()) {
    this.#stream = stream
    this.#clock = clock
    this.#nextAt = clock() + PATIENCE_MS
  }

  show(text: string): void {
    if (!this.#stream.isTTY || this.#clock() < this.#nextAt) return
    this.#nextAt = this.#clock() + REFRESH_MS
    this.#shown = true
    this.#stream.write(`\r\u001b[K${text.slice(0, (this.#stream.columns ?? 80) - 1)}`)
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) this.#stream.write('\r\u001b[K')
    this.#shown = false
  }
}

/** Cells of a bar. */
const CELLS = 24

/** `[######..................]  25 %` */
export function bar(done: number, all: number): string {
  const share = all === 0 ? 1 : done / all
  const full = Math.floor(share * CELLS)
  const percent = String(Math.floor(share * 100)).padStart(3)
  return `[${'#'.repeat(full)}${'.'.repeat(CELLS - full)}] ${percent} %`
}
