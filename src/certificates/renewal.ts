import type { Authority } from './authorities.ts'
import { isFor, unusable } from './pair.ts'
import type { StoredCertificates } from './stored.ts'

/** How long certificates live, in milliseconds. */
export interface Lifetimes {
  readonly authorityMs: number
  readonly servingMs: number
  /** The part of its life after which a certificate is renewed, from 0 to 1. */
  readonly renewedAt: number
  /** A new certificate is valid from so long before it is made, for an API server whose clock is behind. */
  readonly skewMs: number
  /**
   * So long after a CA was seen in every `caBundle` its certificates are served. An API server learns of a change by a watch,
   * in milliseconds; one that lost its watch has it back, with the change, after seconds.
   */
  readonly settleMs: number
}

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS

/**
 * A CA for a year, a serving certificate for thirty days: both are renewed by nobody's hand, so short is safe. At two thirds of
 * their life, as cert-manager does it: what is left then, ten days for a serving certificate, is the time in which somebody can
 * notice that renewing fails.
 */
export const LIFETIMES: Lifetimes = {
  authorityMs: 365 * DAY_MS,
  servingMs: 30 * DAY_MS,
  renewedAt: 2 / 3,
  skewMs: HOUR_MS,
  settleMs: 10_000,
}

/** What is to be made anew: a CA beside the one there is, a certificate to serve, or a list without those that retire. */
export type Renewal = 'authority' | 'serving' | 'retirement'

export interface RenewalQuestion {
  /** The names by which API servers call. */
  readonly hosts: readonly string[]
  readonly now: Date
  readonly lifetimes: Lifetimes
  /** Whether API servers know the newest CA, so that what it signs can be served. */
  readonly newestKnown: boolean
}

/** What is due now of what is kept, one after the other; undefined where all is in order. */
export function dueRenewal(stored: StoredCertificates, question: RenewalQuestion): Renewal | undefined {
  const { hosts, now, lifetimes, newestKnown } = question
  const [newest] = stored.authorities
  if (isDue(newest, now, lifetimes) || unusable(newest, now) !== undefined) return 'authority'
  // What nobody can use is no loss, so its successor waits for nothing.
  if (unusable(stored.serving, now) !== undefined || !isFor(stored.serving, hosts)) return 'serving'
  if (unusable(stored.issuer, now) !== undefined) return 'serving'
  if (newestKnown && (stored.issuer !== newest || isDue(stored.serving, now, lifetimes))) return 'serving'
  return retired(stored, now, lifetimes).length > 0 ? 'retirement' : undefined
}

/** The authorities that nothing in use can have been signed by. */
export function retired(
  { authorities: [newest, ...older], issuer }: StoredCertificates,
  now: Date,
  lifetimes: Lifetimes,
): readonly Authority[] {
  return older.filter((authority) => authority !== issuer && isRetired(authority, newest, now, lifetimes))
}

/** Whether so much of its life is over that it is renewed. */
function isDue(
  { notBefore, notAfter }: Pick<Authority, 'notBefore' | 'notAfter'>,
  now: Date,
  { renewedAt }: Lifetimes,
): boolean {
  const begin = notBefore.getTime()
  return now.getTime() >= begin + (notAfter.getTime() - begin) * renewedAt
}

/**
 * Whether nothing that an older CA has signed can still be in use. Its key was given up when the newest was made, so the last
 * that it can have signed has expired a serving certificate's life after that.
 */
function isRetired(
  older: Authority,
  newest: Authority,
  now: Date,
  { servingMs, skewMs }: Lifetimes,
): boolean {
  const madeBefore = newest.notBefore.getTime() + 2 * skewMs
  return now.getTime() > Math.min(older.notAfter.getTime(), madeBefore + servingMs)
}
