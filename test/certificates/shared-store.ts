import type { CertificateStore, Kept, StoreListener, TrustingEntry } from '../../src/certificates/store.ts'
import type { CertificateData } from '../../src/certificates/stored.ts'

/** What a cluster keeps for several replicas, in memory: writes are refused where somebody was first, changes are told later. */
export class SharedStore {
  data: Record<string, string | undefined> | undefined
  foreign: string | undefined
  entries: TrustingEntry[] = [
    { name: 'image-tags.tallyman.dev', caBundle: '' },
    { name: 'policies.tallyman.dev', caBundle: '' },
  ]
  /** Each bundle that was trusted, in order. */
  readonly trusted: string[] = []
  writes = 0
  refusal: Error | undefined
  #dataVersion = 0
  readonly #listeners = new Set<() => void>()

  /** Somebody changes what is there. */
  change(change: Partial<Pick<SharedStore, 'data' | 'foreign' | 'entries'>>): void {
    Object.assign(this, change)
    if ('data' in change) this.#dataVersion += 1
    for (const tell of this.#listeners) tell()
  }

  /** The view of one replica, which sees each change a moment later. */
  view(now: () => Date = () => new Date()): CertificateStore {
    const shared = this
    let seen: { kept: Kept | undefined; entries: readonly TrustingEntry[] } | undefined
    const look = () => {
      const { data, foreign } = shared
      const version = String(shared.#dataVersion)
      const kept =
        data === undefined ? undefined : { data, version, ...(foreign !== undefined && { foreign }) }
      seen = { kept, entries: [...shared.entries] }
    }
    const write = (change: Partial<Pick<SharedStore, 'data' | 'entries'>>) => {
      if (shared.refusal !== undefined) throw shared.refusal
      shared.writes += 1
      shared.change(change)
      return true
    }
    return {
      name: 'Secret tallyman/tallyman-certificate',
      now,
      get kept() {
        return seen === undefined ? 'unread' : seen.kept
      },
      get entries() {
        return seen === undefined ? 'unread' : seen.entries
      },
      keep: async (data: CertificateData, over: Kept | undefined) => {
        if (over === undefined ? shared.data !== undefined : over.version !== String(shared.#dataVersion))
          return false
        return write({ data: { ...data } })
      },
      trust: async (caBundle: string) => {
        const entries = shared.entries.map((entry) =>
          entry.foreign === undefined ? { ...entry, caBundle } : entry,
        )
        const done = write({ entries })
        if (done) shared.trusted.push(caBundle)
        return done
      },
      async follow(listener: StoreListener, signal: AbortSignal) {
        const tell = () =>
          setTimeout(() => {
            look()
            listener.changed()
          }, Math.random() * 5)
        shared.#listeners.add(tell)
        tell()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        shared.#listeners.delete(tell)
      },
    }
  }
}
