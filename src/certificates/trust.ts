import type { X509Certificate } from 'node:crypto'
import { type CertificatePair, unusable } from './pair.ts'
import { readableCertificates } from './pem.ts'

/**
 * Whether whoever trusts some CAs takes what is served: a chain leads from the serving certificate, by those that are served
 * along with it, to one of the CAs.
 *
 * By names, signatures and times, as Go does it, in which API servers are written; what a certificate may be used for is not
 * looked at, so that in doubt it is trusted.
 * @param bundle PEM, as in `caBundle`
 */
export function isTrusted(
  { certificate }: Pick<CertificatePair, 'certificate'>,
  bundle: string,
  now: Date,
): boolean {
  const valid = (one: X509Certificate) =>
    unusable({ notBefore: one.validFromDate, notAfter: one.validToDate }, now) === undefined
  const trusted = readableCertificates(bundle).filter(valid)
  const [leaf, ...served] = readableCertificates(certificate)
  const reached = leaf === undefined ? [] : [leaf]
  const left = new Set(served.filter(valid))
  for (const one of reached) {
    if (trusted.some((ca) => ca.fingerprint256 === one.fingerprint256 || hasSigned(ca, one))) return true
    for (const next of left) {
      if (!hasSigned(next, one)) continue
      left.delete(next)
      reached.push(next)
    }
  }
  return false
}

/**
 * Whether one certificate was signed with the key of another. The identifiers of keys and serial numbers do not count, here as
 * in Go: a CA that was issued again with its key has signed what it signed before.
 */
export function hasSigned(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.issuer === issuer.subject && certificate.verify(issuer.publicKey)
}
