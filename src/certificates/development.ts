import { issueServing, makeAuthority } from './authority.ts'
import type { KeyPair } from './key-pair.ts'

/** What a development set-up needs: a CA for `caBundle`, and what the webhook serves with. */
export interface DevelopmentCertificates {
  /** The CA's certificate only: its key is forgotten once it has signed, so that nobody can sign with it later. */
  readonly ca: string
  readonly serving: KeyPair
}

/** A year: long for a development set-up, short enough that nobody builds a production on it. */
export const VALID_DAYS = 365
const DAY_MS = 24 * 60 * 60 * 1000

/** Valid from a little earlier than now, for an API server whose clock is behind. */
const CLOCK_SKEW_MS = 5 * 60 * 1000

/**
 * Makes a CA and a serving certificate that it signs.
 * @param hosts the names and IP addresses by which the API server will call: `tallyman.tallyman.svc`, `127.0.0.1`
 */
export async function developmentCertificates(
  hosts: readonly string[],
  { now = new Date(), days = VALID_DAYS }: { now?: Date; days?: number } = {},
): Promise<DevelopmentCertificates> {
  const validity = {
    notBefore: new Date(now.getTime() - CLOCK_SKEW_MS),
    notAfter: new Date(now.getTime() + days * DAY_MS),
  }
  const authority = await makeAuthority('tallyman development CA', validity)
  return { ca: authority.certificate, serving: await issueServing(authority, hosts, validity) }
}
