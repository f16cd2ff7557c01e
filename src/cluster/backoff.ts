/** Pauses between attempts: each twice as long as the one before, up to a bound, less a random part of up to a half. */
export class Backoff {
  readonly #minMs: number
  readonly #maxMs: number
  #attempts = 0

  constructor(minMs: number, maxMs: number) {
    this.#minMs = minMs
    this.#maxMs = maxMs
  }

  /** How long to pause now, in milliseconds. */
  next(): number {
    return jittered(Math.min(this.#maxMs, this.#minMs * 2 ** this.#attempts++))
  }

  /** What was tried works again. */
  reset(): void {
    this.#attempts = 0
  }
}

/** From a half to the whole of it, so that those who began together do not go on together. */
export function jittered(ms: number): number {
  return ms * (0.5 + Math.random() / 2)
}
