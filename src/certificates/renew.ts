import type { X509Certificate } from 'node:crypto'
import type { Authority } from './authorities.ts'
import { unusable } from './pair.ts'
import { type Lifetimes, type Renewal, retired } from './renewal.ts'
import { dataOf, readStored, type StoredCertificates } from './stored.ts'

export interface RenewOptions {
  /** The names by which API servers call. */
  readonly hosts: readonly string[]
  readonly now: Date
  readonly lifetimes: Lifetimes
}

/** Makes what is due. Nothing is kept yet. */
export async function renew(
  stored: StoredCertificates,
  what: Renewal,
  options: RenewOptions,
): Promise<StoredCertificates> {
  const { authorities, authorityKey, serving } = stored
  switch (what) {
    case 'authority': {
      const made = await newAuthority(options)
      return checked({ authorities: [made, ...authorities], authorityKey: made.key, serving })
    }
    case 'serving': {
      const [newest] = authorities
      const pair = await newServing({ ...newest, key: authorityKey }, options)
      return checked({ authorities, authorityKey, serving: pair })
    }
    case 'retirement': {
      const gone = retired(stored, options.now, options.lifetimes)
      const left = authorities.filter((authority) => !gone.includes(authority))
      return checked({ authorities: left, authorityKey, serving })
    }
  }
}

/**
 * Makes everything anew: nothing usable is kept.
 * @param known authorities whose certificates may still be served somewhere; those that are valid stay trusted
 */
export async function makeAnew(
  known: readonly Authority[],
  options: RenewOptions,
): Promise<StoredCertificates> {
  const made = await newAuthority(options)
  const trusted = known.filter((authority) => unusable(authority, options.now) === undefined)
  const serving = await newServing(made, options)
  return checked({ authorities: [made, ...trusted], authorityKey: made.key, serving })
}

/** The name of a CA that tallyman makes for itself: when it was made, which tells people more where a bundle holds two. */
const authorityName = (made: Date) => `tallyman CA ${made.toISOString()}`
const AUTHORITY_SUBJECT = /^CN=tallyman CA \d{4}-\d\d-\d\dT[\d:.]+Z$/

/** Whether a certificate is a CA that was made here. */
export function isManagedAuthority({ subject }: X509Certificate): boolean {
  return AUTHORITY_SUBJECT.test(subject)
}

interface Signing {
  readonly certificate: string
  readonly key: string
  readonly notAfter: Date
}

async function newAuthority({ now, lifetimes }: RenewOptions): Promise<Signing> {
  const { makeAuthority } = await making()
  const validity = validFor(lifetimes.authorityMs, now, lifetimes)
  return { ...(await makeAuthority(authorityName(now), validity)), ...validity }
}

async function newServing(authority: Signing, { hosts, now, lifetimes }: RenewOptions) {
  const { issueServing } = await making()
  const { notBefore, notAfter } = validFor(lifetimes.servingMs, now, lifetimes)
  // A certificate that outlives its CA is only a surprise.
  const end = new Date(Math.min(notAfter.getTime(), authority.notAfter.getTime()))
  return await issueServing(authority, hosts, { notBefore, notAfter: end })
}

function validFor(lifeMs: number, now: Date, { skewMs }: Lifetimes) {
  return { notBefore: new Date(now.getTime() - skewMs), notAfter: new Date(now.getTime() + lifeMs) }
}

/** Loaded when something is to be made, once in twenty days: until then it costs memory, and time at the start. */
function making() {
  return import('./authority.ts')
}

/** Through what reads it later: what cannot be read again must not be kept. */
function checked(made: Parameters<typeof dataOf>[0]): StoredCertificates {
  return readStored(dataOf(made), 'the certificates just made')
}
