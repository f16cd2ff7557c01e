import type { FollowListener, TrustingCallers, TrustingEntry } from '../../src/certificates/callers.ts'

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
  readonly #listeners = new Set<FollowListener>()

  /** Somebody changes what is there. */
  change(entries: readonly TrustingEntry[]): void {
    this.entries = entries
    for (const { changed } of this.#listeners) later(changed)
  }

  /** Nobody can follow it any more; undefined: everybody can again. */
  lose(error: Error | undefined): void {
    for (const { lost, recovered } of this.#listeners)
      if (error === undefined) recovered('Configuration')
      else lost('Configuration', error)
  }

  /** The view of one who follows. */
  view(now: () => Date = () => new Date()): TrustingCallers {
    const shared = this
    let seen: readonly TrustingEntry[] | 'unread' = 'unread'
    return {
      host: 'tallyman.tallyman.svc',
      now,
      get entries() {
        return seen
      },
      trust: async (bundles) => {
        if (shared.refusal !== undefined) throw shared.refusal
        shared.trusted.push(bundles)
        shared.change(
          shared.entries.map((entry) => ({ ...entry, caBundle: bundles.get(entry.name) ?? entry.caBundle })),
        )
        return true
      },
      async follow(listener, signal) {
        const own: FollowListener = {
          ...listener,
          changed() {
            if (signal.aborted) return
            seen = shared.entries
            listener.changed()
          },
        }
        shared.#listeners.add(own)
        later(own.changed)
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        shared.#listeners.delete(own)
      },
    }
  }
}

/** As a watch does: after some milliseconds. */
export function later(tell: () => void): void {
  setTimeout(tell, Math.random() * 5)
}
