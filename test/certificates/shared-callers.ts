import type { TrustingCallers, TrustingEntry } from '../../src/certificates/callers.ts'
import { Followers } from './followers.ts'

/** An entry that leads to us. The first of a configuration is the primary one here. */
export function trustingEntry(
  name: string,
  caBundle = '',
  others: Partial<TrustingEntry> = {},
): TrustingEntry {
  return { name, primary: name === PRIMARY, field: `Configuration: ${name}`, caBundle, ...others }
}

export const PRIMARY = 'image-tags.tallyman.dev'

/** The webhook configuration of a cluster, in memory, for several who follow it. Changes are told a moment later. */
export class SharedCallers {
  entries: readonly TrustingEntry[] = [trustingEntry(PRIMARY), trustingEntry('policies.tallyman.dev')]
  /** What was written, in order. */
  readonly trusted: ReadonlyMap<string, string>[] = []
  refusal: Error | undefined
  readonly #followers = new Followers('Configuration')

  /** Somebody changes what is there. */
  change(entries: readonly TrustingEntry[]): void {
    this.entries = entries
    this.#followers.changed()
  }

  /** Nobody can follow it any more; undefined: everybody can again. */
  lose(error: Error | undefined): void {
    this.#followers.lose(error)
  }

  /** The view of one who follows. */
  view(now: () => Date = () => new Date()): TrustingCallers {
    let seen: readonly TrustingEntry[] | 'unread' = 'unread'
    return {
      host: 'tallyman.tallyman.svc',
      now,
      get entries() {
        return seen
      },
      trust: async (bundles) => {
        if (this.refusal !== undefined) throw this.refusal
        this.trusted.push(bundles)
        this.change(
          this.entries.map((entry) => ({ ...entry, caBundle: bundles.get(entry.name) ?? entry.caBundle })),
        )
        return true
      },
      follow: (listener, signal) =>
        this.#followers.follow(
          () => {
            seen = this.entries
          },
          listener,
          signal,
        ),
    }
  }
}
