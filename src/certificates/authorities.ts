import { X509Certificate } from 'node:crypto'
import { CertificateError } from './pair.ts'
import { certificateBlocks } from './pem.ts'
import { hasSigned } from './trust.ts'

/** A CA whose certificates API servers are to trust. */
export interface Authority {
  /** PEM, one certificate. */
  readonly certificate: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** SHA-256 of the certificate. */
  readonly fingerprint: string
}

/** Reads the certificates of a bundle, in their order. @throws CertificateError where it holds none, or one that is no CA */
export function readAuthorities(bundle: string, name: string): [Authority, ...Authority[]] {
  const [first, ...others] = certificateBlocks(bundle).map((text) => authority(text, name))
  if (first === undefined)
    throw new CertificateError(
      `${name}: holds no PEM certificate; it should begin with -----BEGIN CERTIFICATE-----`,
    )
  return [first, ...others]
}

/** The bundle of some authorities, as `caBundle` takes it (there in base64). */
export function bundleOf(authorities: readonly Pick<Authority, 'certificate'>[]): string {
  return authorities.map(({ certificate }) => `${certificate.trim()}\n`).join('')
}

/** Whether a serving certificate was signed by a CA. */
export function isIssuedBy(
  certificate: string,
  { certificate: authority }: Pick<Authority, 'certificate'>,
): boolean {
  return hasSigned(new X509Certificate(authority), new X509Certificate(certificate))
}

function authority(text: string, name: string): Authority {
  let read: X509Certificate
  try {
    read = new X509Certificate(text)
  } catch (error) {
    throw new CertificateError(
      `${name}: holds a certificate that cannot be read (${(error as Error).message})`,
      {
        cause: error,
      },
    )
  }
  if (!read.ca) throw new CertificateError(`${name}: holds ${read.subject}, which is no CA`)
  return Object.freeze({
    certificate: text,
    notBefore: read.validFromDate,
    notAfter: read.validToDate,
    fingerprint: read.fingerprint256,
  })
}
