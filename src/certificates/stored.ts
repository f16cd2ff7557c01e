import { createPrivateKey, X509Certificate } from 'node:crypto'
import { type Authority, bundleOf, isIssuedBy, readAuthorities } from './authorities.ts'
import type { KeyPair } from './key-pair.ts'
import { CertificateError, type CertificatePair, checkPair } from './pair.ts'

/**
 * What a Secret of managed certificates holds, by the keys of its data. The first three are those of every TLS Secret with
 * its CA (cert-manager writes the same), the last one signs.
 */
export type CertificateData = {
  readonly 'tls.crt': string
  readonly 'tls.key': string
  readonly 'ca.crt': string
  readonly 'ca.key': string
}

/** Certificates as they are kept, checked: TLS takes the pair, and an authority that is kept beside it has signed it. */
export interface StoredCertificates {
  /** Those to trust, the newest first. */
  readonly authorities: readonly [Authority, ...Authority[]]
  /** The key of the newest, PEM. Those of the others are gone: they sign no more. */
  readonly authorityKey: string
  readonly serving: CertificatePair
  /** Which of the authorities has signed it. */
  readonly issuer: Authority
}

/** Reads what is kept. @param name of where it is kept, for messages @throws CertificateError */
export function readStored(
  data: Readonly<Record<string, string | undefined>>,
  name: string,
): StoredCertificates {
  const field = (key: keyof CertificateData): string => {
    const value = data[key]
    if (value === undefined || value === '') throw new CertificateError(`${name}: ${key} is missing`)
    return value
  }
  const label = (key: string) => `${name}: ${key}`
  const serving = checkPair(field('tls.crt'), field('tls.key'), {
    certificate: label('tls.crt'),
    key: label('tls.key'),
  })
  const authorities = readAuthorities(field('ca.crt'), label('ca.crt'))
  const authorityKey = field('ca.key')
  if (!belongsTo(authorityKey, authorities[0]))
    throw new CertificateError(
      `${label('ca.key')} is no P-256 key in PKCS #8 that belongs to the first certificate of ca.crt`,
    )
  const issuer = authorities.find((authority) => isIssuedBy(serving.certificate, authority))
  if (issuer === undefined) throw new CertificateError(`${label('tls.crt')} was signed by none of ca.crt`)
  return { authorities, authorityKey, serving, issuer }
}

/** As it is to be kept. */
export function dataOf(certificates: {
  readonly authorities: readonly { readonly certificate: string }[]
  readonly authorityKey: string
  readonly serving: KeyPair
}): CertificateData {
  const { authorities, authorityKey, serving } = certificates
  return {
    'tls.crt': serving.certificate,
    'tls.key': serving.key,
    'ca.crt': bundleOf(authorities),
    'ca.key': authorityKey,
  }
}

/** Whether a key is a CA's, and of the kind that it was made with, so that it can sign. */
function belongsTo(key: string, { certificate }: Authority): boolean {
  try {
    const read = createPrivateKey({ key, format: 'pem' })
    const signs = key.includes('BEGIN PRIVATE KEY') && read.asymmetricKeyDetails?.namedCurve === 'prime256v1'
    return signs && new X509Certificate(certificate).checkPrivateKey(read)
  } catch {
    return false
  }
}
