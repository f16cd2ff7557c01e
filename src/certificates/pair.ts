import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'

/** A serving certificate with its key, checked: they belong together and TLS takes them. */
export interface CertificatePair {
  /** The certificate and the chain after it, PEM. */
  readonly certificate: string
  /** PEM. */
  readonly key: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** SHA-256 of the serving certificate, as `openssl x509 -fingerprint -sha256` prints it. */
  readonly fingerprint: string
}

/** A pair that cannot be served; the message says which file, what is wrong and what to do. */
export class CertificateError extends Error {
  override name = 'CertificateError'
}

/**
 * Checks that a certificate and a key can be served. Whether it is the right time for them is asked of `unusable`.
 * @throws CertificateError
 */
export function checkPair(
  certificate: string,
  key: string,
  names: { certificate: string; key: string } = { certificate: 'the certificate', key: 'the key' },
): CertificatePair {
  const leaf = attempt(
    () => new X509Certificate(certificate),
    `${names.certificate}: is no PEM certificate; it should begin with -----BEGIN CERTIFICATE-----`,
  )
  const privateKey = attempt(
    () => createPrivateKey(key),
    `${names.key}: is no PEM private key without a passphrase; it should begin with -----BEGIN PRIVATE KEY-----`,
  )
  if (!leaf.checkPrivateKey(privateKey)) {
    throw new CertificateError(
      `${names.key}: does not belong to ${names.certificate}; write both anew, from the same issue`,
    )
  }
  // The chain behind the first certificate, and keys that are too weak for OpenSSL, show only here.
  attempt(
    () => createSecureContext({ cert: certificate, key }),
    `${names.certificate}: TLS does not take this certificate and its chain`,
  )
  return Object.freeze({
    certificate,
    key,
    notBefore: leaf.validFromDate,
    notAfter: leaf.validToDate,
    fingerprint: leaf.fingerprint256,
  })
}

/** Why a certificate is not valid at a time, a clause about it; undefined where it is valid. */
export function unusable(
  pair: Pick<CertificatePair, 'notBefore' | 'notAfter'>,
  now: Date,
): string | undefined {
  if (now > pair.notAfter) return `expired on ${pair.notAfter.toISOString()}`
  if (now < pair.notBefore) return `is not valid before ${pair.notBefore.toISOString()}`
  return undefined
}

/** Whether a certificate is for all of some hosts, as Go sees it, in which API servers are written: its common name does not count. */
export function isFor(
  { certificate }: Pick<CertificatePair, 'certificate'>,
  hosts: readonly string[],
): boolean {
  const leaf = new X509Certificate(certificate)
  return hosts.every(
    (host) => leaf.checkHost(host, { subject: 'never', partialWildcards: false }) !== undefined,
  )
}

function attempt<T>(make: () => T, complaint: string): T {
  try {
    return make()
  } catch (error) {
    // OpenSSL's message names its own functions: of use to somebody who searches for it, so it comes last.
    throw new CertificateError(`${complaint} (${(error as Error).message})`, { cause: error })
  }
}
