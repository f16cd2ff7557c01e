import type { Authority } from './authorities.ts'
import type { TrustingEntry } from './callers.ts'
import { readableCertificates } from './pem.ts'

/** Remembers since when those who call have known which CAs. */
export class KnownAuthorities {
  readonly #clock: () => number
  /** By fingerprint, since when all entries have held it; by the clock. */
  readonly #since = new Map<string, number>()
  #entries: readonly TrustingEntry[] = []

  /** @param clock in milliseconds, never goes back */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock
  }

  /** Takes the entries as they are now. */
  see(entries: readonly TrustingEntry[]): void {
    this.#entries = entries
    const [first = [], ...others] = entries.map(({ caBundle }) => fingerprints(caBundle))
    const all = first.filter((fingerprint) => others.every((other) => other.includes(fingerprint)))
    for (const fingerprint of this.#since.keys())
      if (!all.includes(fingerprint)) this.#since.delete(fingerprint)
    for (const fingerprint of all)
      if (!this.#since.has(fingerprint)) this.#since.set(fingerprint, this.#clock())
  }

  /** The entries that do not hold a CA. */
  missingIn({ fingerprint }: Authority): readonly TrustingEntry[] {
    return this.#since.has(fingerprint)
      ? []
      : this.#entries.filter(({ caBundle }) => !fingerprints(caBundle).includes(fingerprint))
  }

  /**
   * For how long a CA is still to be held by all entries until it has been for so long, in milliseconds; 0 where it has, or
   * where there is no entry, so that nobody calls; Infinity where an entry does not hold it.
   */
  settlesIn({ fingerprint }: Authority, settleMs: number): number {
    if (this.#entries.length === 0) return 0
    const since = this.#since.get(fingerprint)
    if (since === undefined) return Number.POSITIVE_INFINITY
    return Math.max(0, since + settleMs - this.#clock())
  }
}

function fingerprints(caBundle: string): string[] {
  return readableCertificates(caBundle).map(({ fingerprint256 }) => fingerprint256)
}
