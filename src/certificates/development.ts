import 'reflect-metadata' // what @peculiar/x509 is built on needs it, loaded first
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

/** A certificate and its private key, both PEM (the key PKCS #8). */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

/** What a development set-up needs: a CA for `caBundle`, and what the webhook serves with. */
export interface DevelopmentCertificates {
  /** The CA's certificate only: its key is forgotten once it has signed, so that nobody can sign with it later. */
  readonly ca: string
  readonly serving: KeyPair
}

/** P-256: every API server accepts it, its handshake is the cheapest, and its certificates are short. */
const KEYS = { name: 'ECDSA', namedCurve: 'P-256' } as const
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const

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
  const [first] = hosts
  if (first === undefined) throw new RangeError('a serving certificate needs at least one host name')
  const validity = {
    notBefore: new Date(now.getTime() - CLOCK_SKEW_MS),
    notAfter: new Date(now.getTime() + days * DAY_MS),
  }
  const caKeys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: serialNumber(),
    name: [{ CN: ['tallyman development CA'] }],
    keys: caKeys,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  })
  const keys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])
  const serving = await x509.X509CertificateGenerator.create({
    ...validity,
    serialNumber: serialNumber(),
    issuer: ca.subjectName,
    subject: [{ CN: [commonName(first)] }],
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        hosts.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  })
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    ca: pem(ca),
    serving: {
      certificate: pem(serving),
      key: `${x509.PemConverter.encode(key, x509.PemConverter.PrivateKeyTag)}\n`,
    },
  }
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`
}

/** 120 random bits that begin with 01: positive and without leading zeros, as RFC 5280 (4.1.2.2) asks. */
function serialNumber(): string {
  return `01${Buffer.from(crypto.getRandomValues(new Uint8Array(15))).toString('hex')}`
}

/** X.520 allows 64 characters in a common name. Clients read the alternative names; this one is for people. */
function commonName(host: string): string {
  return host.slice(0, 64)
}
