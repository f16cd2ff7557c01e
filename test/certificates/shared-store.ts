import type { CertificateStore, Kept } from '../../src/certificates/store.ts'
import type { CertificateData } from '../../src/certificates/stored.ts'
import { Followers } from './followers.ts'

type Data = Readonly<Record<string, string | undefined>>

/** What a cluster keeps for several replicas, in memory: writes are refused where somebody was first, changes are told later. */
export class SharedStore {
  data: Data | undefined
  foreign: string | undefined
  writes = 0
  refusal: Error | undefined
  #version = 0
  readonly #followers = new Followers('Secret')

  /** Somebody changes what is there. */
  change(data: Data | undefined, foreign?: string): void {
    this.data = data
    this.foreign = foreign
    this.#version += 1
    this.#followers.changed()
  }

  /** Nobody can follow it any more; undefined: everybody can again. */
  lose(error: Error | undefined): void {
    this.#followers.lose(error)
  }

  /** The view of one replica, which sees each change a moment later. */
  view(): CertificateStore {
    let seen: { kept: Kept | undefined } | undefined
    const look = () => {
      const { data, foreign } = this
      const version = String(this.#version)
      seen = { kept: data && { data, version, ...(foreign !== undefined && { foreign }) } }
    }
    return {
      name: 'Secret tallyman/tallyman-certificate',
      get kept() {
        return seen === undefined ? 'unread' : seen.kept
      },
      keep: async (data: CertificateData, over: Kept | undefined) => {
        const stale = over === undefined ? this.data !== undefined : over.version !== String(this.#version)
        if (stale) return false
        if (this.refusal !== undefined) throw this.refusal
        this.writes += 1
        this.change({ ...data })
        return true
      },
      follow: (listener, signal) => this.#followers.follow(look, listener, signal),
    }
  }
}
