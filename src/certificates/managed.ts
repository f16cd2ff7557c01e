import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Authority, bundleOf } from './authorities.ts'
import { KnownAuthorities } from './known-authorities.ts'
import { CertificateError, type CertificatePair, unusable } from './pair.ts'
import { makeAnew, renew } from './renew.ts'
import { dueRenewal, LIFETIMES, type Lifetimes } from './renewal.ts'
import type { CertificateListener, CertificateSource } from './source.ts'
import type { CertificateStore, Kept } from './store.ts'
import { dataOf, readStored, type StoredCertificates } from './stored.ts'

/** How attempts are spaced, in milliseconds. */
export interface ManagedPace {
  /** After a write or a fault; doubled for each that was less than a minute ago. */
  readonly minMs: number
  /** At most. Somebody who resets what is mended again and again is answered so often. */
  readonly maxMs: number
  /** Between looks where nothing changes: a look costs a millisecond, and certificates become due with nobody touching anything. */
  readonly lookMs: number
}

const PACE: ManagedPace = { minMs: 50, maxMs: 30_000, lookMs: 60 * 60_000 }

/** What is longer ago has no bearing on the next pause. */
const RECENT_MS = 60_000

export interface ManagedOptions {
  readonly store: CertificateStore
  /** The names by which API servers call: `tallyman.tallyman.svc`. */
  readonly hosts: readonly string[]
  readonly lifetimes?: Lifetimes
  readonly pace?: ManagedPace
}

interface Served {
  readonly pair: CertificatePair
  readonly issuer: Authority
}

/**
 * Certificates that tallyman makes and renews itself. All replicas do the same, without a leader: whoever is first writes, and
 * the others take what they then see.
 *
 * A CA is renewed in steps, so that no call meets a certificate that its API server does not know: the new CA is kept and
 * trusted beside the old one; when every entry has held it for a while it signs, and what it has signed is served; the old one
 * stays trusted until nothing it has signed can be in use.
 */
export class ManagedCertificates implements CertificateSource {
  readonly kind = 'managed'
  readonly #store: CertificateStore
  readonly #hosts: readonly string[]
  readonly #lifetimes: Lifetimes
  readonly #pace: ManagedPace
  readonly #known = new KnownAuthorities()
  readonly #ready = new AbortController()
  #served: Served | undefined
  /** What was kept last and could be used. */
  #last: StoredCertificates | undefined
  #fault: string | undefined
  /** When it wrote or failed within the last minute. */
  #recent: number[] = []

  constructor({ store, hosts, lifetimes = LIFETIMES, pace = PACE }: ManagedOptions) {
    this.#store = store
    this.#hosts = hosts
    this.#lifetimes = lifetimes
    this.#pace = pace
  }

  get current(): CertificatePair | undefined {
    return this.#served?.pair
  }

  problem(): string | undefined {
    const because = this.#fault === undefined ? '' : `: ${this.#fault}`
    if (this.#served === undefined) return this.#fault ?? 'the certificate has not been read yet'
    const invalid = unusable(this.#served.pair, this.#store.now())
    if (invalid !== undefined) return `the certificate ${invalid}${because}`
    const { entries } = this.#store
    const foreign = entries === 'unread' ? undefined : entries.find((entry) => entry.foreign !== undefined)
    if (foreign !== undefined) return foreign.foreign
    const without = this.#known.missingIn(this.#served.issuer)
    if (without !== undefined)
      return `the caBundle of ${without.name} does not hold the CA of the certificate${because}`
    return undefined
  }

  async ready(signal: AbortSignal): Promise<void> {
    if (this.#ready.signal.aborted || signal.aborted) return
    await once(AbortSignal.any([this.#ready.signal, signal]), 'abort')
  }

  async watch(listener: CertificateListener, signal: AbortSignal): Promise<void> {
    let news = Promise.withResolvers<void>()
    const following = this.#store.follow(
      { changed: () => news.resolve(), failed: (error) => this.#failed(error, listener) },
      signal,
    )
    while (!signal.aborted) {
      // What changes during a round has a round of its own.
      news = Promise.withResolvers()
      const idle = await this.#attempt(listener)
      const stop = new AbortController()
      const pause = (ms: number) => sleep(ms, undefined, { signal: AbortSignal.any([signal, stop.signal]) })
      await pause(this.#pauseMs()).catch(() => {})
      await Promise.race([news.promise, pause(idle).catch(() => {})])
      stop.abort()
    }
    await following
  }

  /** @returns after how many milliseconds to look again where nothing happens until then */
  async #attempt(listener: CertificateListener): Promise<number> {
    try {
      const idle = await this.#round(listener)
      if (idle !== undefined && this.#fault !== undefined) {
        this.#fault = undefined
        listener.mended()
      }
      return idle ?? this.#pace.lookMs
    } catch (error) {
      this.#recent.push(performance.now())
      this.#failed(error as Error, listener)
      return 0 // the pause after a fault is all that it waits
    }
  }

  #failed({ message }: Error, listener: CertificateListener): void {
    if (message === this.#fault) return
    this.#fault = message
    listener.refused(new CertificateError(message))
  }

  /** Does what is due next. @returns when to look again; undefined where it waits for what it has not seen yet */
  async #round(listener: CertificateListener): Promise<number | undefined> {
    const { kept, entries } = this.#store
    if (kept === 'unread' || entries === 'unread') return undefined
    if (kept?.foreign !== undefined) throw new CertificateError(kept.foreign)
    const ours = entries.filter(({ foreign }) => foreign === undefined)
    this.#known.see(ours)
    const now = this.#store.now()
    const options = { hosts: this.#hosts, now, lifetimes: this.#lifetimes }
    const stored = kept && this.#read(kept.data)
    if (stored === undefined) {
      await this.#keep(await makeAnew(this.#mayBeServed(), options), kept)
      return undefined
    }
    this.#last = stored
    const { settleMs } = this.#lifetimes
    const newestKnown = this.#known.settlesIn(stored.authorities[0], settleMs) === 0
    const due = dueRenewal(stored, { ...options, newestKnown })
    if (due !== undefined) {
      await this.#keep(await renew(stored, due, options), kept)
      return undefined
    }
    const bundle = bundleOf(stored.authorities)
    if (ours.some(({ caBundle }) => caBundle !== bundle)) await this.#wrote(this.#store.trust(bundle))
    this.#serve(stored, now, listener)
    const foreign = entries.find((entry) => entry.foreign !== undefined)
    if (foreign !== undefined) throw new CertificateError(foreign.foreign ?? '')
    return this.#lookAgainIn(stored)
  }

  /** Something that was kept and cannot be used is as good as nothing. */
  #read(data: Readonly<Record<string, string | undefined>>): StoredCertificates | undefined {
    try {
      return readStored(data, this.#store.name)
    } catch (error) {
      if (error instanceof CertificateError) return undefined
      throw error
    }
  }

  /** Serves what is kept as soon as callers know who signed it; at once where they could not use what is served. */
  #serve({ serving, issuer }: StoredCertificates, now: Date, listener: CertificateListener): void {
    const served = this.#served
    if (served?.pair.fingerprint === serving.fingerprint) return
    const usable =
      served !== undefined &&
      unusable(served.pair, now) === undefined &&
      this.#known.missingIn(served.issuer) === undefined
    if (usable && this.#known.settlesIn(issuer, this.#lifetimes.settleMs) > 0) return
    this.#served = { pair: serving, issuer }
    listener.changed(serving)
    this.#ready.abort()
  }

  /** CAs whose certificates replicas may serve at this moment. */
  #mayBeServed(): Authority[] {
    const known = [...(this.#last?.authorities ?? []), ...(this.#served ? [this.#served.issuer] : [])]
    return [...new Map(known.map((authority) => [authority.fingerprint, authority])).values()]
  }

  #lookAgainIn({ authorities: [newest], issuer }: StoredCertificates): number {
    const { settleMs } = this.#lifetimes
    const settles = [newest, issuer].map((authority) => this.#known.settlesIn(authority, settleMs))
    const waits = settles.filter((ms) => ms > 0 && Number.isFinite(ms))
    return Math.min(this.#pace.lookMs, ...waits)
  }

  async #keep(made: StoredCertificates, over: Kept | undefined): Promise<void> {
    await this.#wrote(this.#store.keep(dataOf(made), over))
  }

  /** Where somebody else was first, the change that they made comes, and with it another round. */
  async #wrote(write: Promise<boolean>): Promise<void> {
    await write
    this.#recent.push(performance.now())
  }

  #pauseMs(): number {
    const since = performance.now() - RECENT_MS
    this.#recent = this.#recent.filter((time) => time > since)
    if (this.#recent.length === 0) return 0
    return Math.min(this.#pace.maxMs, this.#pace.minMs * 2 ** (this.#recent.length - 1))
  }
}
