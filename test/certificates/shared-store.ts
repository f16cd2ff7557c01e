import type { FollowListener } from '../../src/certificates/callers.ts'
import type { CertificateStore, Kept } from '../../src/certificates/store.ts'
import type { CertificateData } from '../../src/certificates/stored.ts'
import { later } from './shared-callers.ts'

type Data = Readonly<Record<string, string | undefined>>

/** What a cluster keeps for several replicas, in memory: writes are refused where somebody was first, changes are told later. */
export class SharedStore {
  data: Data | undefined
  foreign: string | undefined
  writes = 0
  refusal: Error | undefined
  #version = 0
  readonly #listeners = new Set<FollowListener>()

  /** Somebody changes what is there. */
  change(data: Data | undefined, foreign?: string): void {
    this.data = data
    this.foreign = foreign
    this.#version += 1
    for (const { changed } of this.#listeners) later(changed)
  }

  /** Nobody can follow it any more; undefined: everybody can again. */
  lose(error: Error | undefined): void {
    for (const { lost, recovered } of this.#listeners)
      if (error === undefined) recovered('Secret')
      else lost('Secret', error)
  }

  /** The view of one replica, which sees each change a moment later. */
  view(): CertificateStore {
    const shared = this
    let seen: { kept: Kept | undefined } | undefined
    const look = () => {
      const { data, foreign } = shared
      const version = String(shared.#version)
      seen = { kept: data && { data, version, ...(foreign !== undefined && { foreign }) } }
    }
    return {
      name: 'Secret tallyman/tallyman-certificate',
      get kept() {
        return seen === undefined ? 'unread' : seen.kept
      },
      keep: async (data: CertificateData, over: Kept | undefined) => {
        const stale =
          over === undefined ? shared.data !== undefined : over.version !== String(shared.#version)
        if (stale) return false
        if (shared.refusal !== undefined) throw shared.refusal
        shared.writes += 1
        shared.change({ ...data })
        return true
      },
      async follow(listener, signal) {
        const own: FollowListener = {
          ...listener,
          changed() {
            if (signal.aborted) return
            look()
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
