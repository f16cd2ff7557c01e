import { X509Certificate } from 'node:crypto'
import type { Callers, TrustingEntry } from './callers.ts'
import { type CertificatePair, isFor } from './pair.ts'
import { isTrusted } from './trust.ts'

/** The most of a certificate's names that a message quotes. */
const MAX_NAMES = 200

/** Why those who call by an entry do not get through to a certificate. */
export interface Refusal {
  readonly entry: TrustingEntry
  /** Whether calls by this entry come here and fail; else they may never come here. */
  readonly calls: boolean
  /** A sentence that says what is wrong where, and what to do. */
  readonly problem: string
}

/**
 * What keeps callers from a certificate that somebody else has issued.
 * @param name of the certificate, for messages: its file
 */
export function refusals(
  pair: Pick<CertificatePair, 'certificate'>,
  entries: readonly TrustingEntry[],
  { host, now, name }: { host: Callers['host']; now: Date; name: string },
): readonly Refusal[] {
  const carries = isFor(pair, [host])
  const trusts = remembered((bundle) => isTrusted(pair, bundle, now))
  return entries.flatMap((entry): Refusal[] => {
    const { caBundle, elsewhere, field } = entry
    if (elsewhere !== undefined)
      return elsewhere.by === 'url' ? [] : [{ entry, calls: false, problem: elsewhere.problem }]
    if (!carries) {
      const names =
        new X509Certificate(pair.certificate).subjectAltName?.slice(0, MAX_NAMES) ?? 'no host at all'
      return [
        {
          entry,
          calls: true,
          problem: `${name}: is for ${names}, and by ${field} the API server calls ${host}; have it issued for that name`,
        },
      ]
    }
    // Without a bundle the API server takes the CAs of its own machine, which nobody can see from here.
    if (caBundle === '' || trusts(caBundle)) return []
    return [
      {
        entry,
        calls: true,
        problem: `${field}.caBundle holds no valid CA that has signed ${name}; write that CA there, in place of the others or beside them`,
      },
    ]
  })
}

/** Most entries hold the same bundle, and to verify is the expensive part. */
function remembered(decide: (bundle: string) => boolean): (bundle: string) => boolean {
  const known = new Map<string, boolean>()
  return (bundle) => {
    const decided = known.get(bundle) ?? decide(bundle)
    known.set(bundle, decided)
    return decided
  }
}
