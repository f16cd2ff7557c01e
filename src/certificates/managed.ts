import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Authority } from './authorities.ts'
import type { FollowListener, TrustingCallers } from './callers.ts'
import { FaultNews } from './fault-news.ts'
import { KnownAuthorities } from './known-authorities.ts'
import { CertificateError, type CertificatePair, unusable } from './pair.ts'
import { makeAnew, renew } from './renew.ts'
import { dueRenewal, LIFETIMES, type Lifetimes } from './renewal.ts'
import type { CertificateListener, CertificateSource } from './source.ts'
import type { CertificateStore, Kept } from './store.ts'
import { dataOf, readStored, type StoredCertificates } from './stored.ts'
import { trustBundle } from './trust-bundle.ts'

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
  readonly callers: TrustingCallers
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
  readonly #callers: TrustingCallers
  readonly #lifetimes: Lifetimes
  readonly #pace: ManagedPace
  readonly #known = new KnownAuthorities()
  readonly #ready = new AbortController()
  #served: Served | undefined
  /** What was kept last and could be used. */
  #last: StoredCertificates | undefined
  /** What the last round found, or could not do. */
  #fault: string | undefined
  /** What cannot be followed at the moment, by what it is. A round that goes by what was seen last says nothing about it. */
  readonly #lost = new Map<string, string>()
  readonly #news = new FaultNews()
  /** When it wrote or failed within the last minute. */
  #recent: number[] = []

  constructor({ store, callers, lifetimes = LIFETIMES, pace = PACE }: ManagedOptions) {
    this.#store = store
    this.#callers = callers
    this.#lifetimes = lifetimes
    this.#pace = pace
  }

  get current(): CertificatePair | undefined {
    return this.#served?.pair
  }

  now(): Date {
    return this.#callers.now()
  }

  get fault(): string | undefined {
    const faults = new Set([...this.#lost.values(), ...(this.#fault === undefined ? [] : [this.#fault])])
    return faults.size === 0 ? undefined : [...faults].join('; ')
  }

  problem(): string | undefined {
    const { fault } = this
    const because = fault === undefined ? '' : `: ${fault}`
    if (this.#served === undefined) return fault ?? 'the certificate has not been read yet'
    const invalid = unusable(this.#served.pair, this.now())
    if (invalid !== undefined) return `the certificate ${invalid}${because}`
    // Workloads come by the primary entry. What is wrong with another must not keep those from being judged: it is a fault.
    const { entries } = this.#callers
    const primary = entries === 'unread' ? undefined : entries.find((entry) => entry.primary)
    if (primary?.elsewhere !== undefined) return primary.elsewhere.problem
    const untrusting = this.#known.missingIn(this.#served.issuer).find((entry) => entry.primary)
    return untrusting && `${untrusting.field}.caBundle does not hold the CA of the certificate${because}`
  }

  async ready(signal: AbortSignal): Promise<void> {
    if (this.#ready.signal.aborted || signal.aborted) return
    await once(AbortSignal.any([this.#ready.signal, signal]), 'abort')
  }

  async watch(listener: CertificateListener, signal: AbortSignal): Promise<void> {
    let news = Promise.withResolvers<void>()
    const followed: FollowListener = {
      changed: () => news.resolve(),
      lost: (what, { message }) => {
        this.#lost.set(what, `${what}: cannot be read: ${message}`)
        this.#news.tell(this.fault, listener)
      },
      recovered: (what) => {
        this.#lost.delete(what)
        this.#news.tell(this.fault, listener)
        news.resolve()
      },
    }
    const following = Promise.all([
      this.#store.follow(followed, signal),
      this.#callers.follow(followed, signal),
    ])
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
      if (idle !== undefined) this.#fault = undefined
      return idle ?? this.#pace.lookMs
    } catch (error) {
      this.#recent.push(performance.now())
      this.#fault = (error as Error).message
      return 0 // the pause after a fault is all that it waits
    } finally {
      this.#news.tell(this.fault, listener)
    }
  }

  /** Does what is due next. @returns when to look again; undefined where it waits for what it has not seen yet */
  async #round(listener: CertificateListener): Promise<number | undefined> {
    const { kept } = this.#store
    const { entries, host } = this.#callers
    if (kept === 'unread' || entries === 'unread') return undefined
    const ours = entries.filter(({ elsewhere }) => elsewhere === undefined)
    this.#known.see(ours)
    if (kept?.foreign !== undefined) throw new CertificateError(kept.foreign)
    const now = this.now()
    const options = { hosts: [host], now, lifetimes: this.#lifetimes }
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
    const bundles = ours.map((entry) => [entry, trustBundle(stored.authorities, entry.caBundle)] as const)
    const wrong = bundles.filter(([{ caBundle }, bundle]) => caBundle !== bundle)
    if (wrong.length > 0)
      await this.#wrote(this.#callers.trust(new Map(bundles.map(([{ name }, bundle]) => [name, bundle]))))
    this.#serve(stored, now, listener)
    const elsewhere = entries.find((entry) => entry.elsewhere !== undefined)?.elsewhere
    if (elsewhere !== undefined) throw new CertificateError(elsewhere.problem)
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
      this.#known.missingIn(served.issuer).length === 0
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
