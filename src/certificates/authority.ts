import 'reflect-metadata' // what @peculiar/x509 is built on needs it, loaded first
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'
import type { KeyPair } from './key-pair.ts'

/** P-256: every API server accepts it, its handshake is the cheapest, and its certificates are short. */
const KEYS = { name: 'ECDSA', namedCurve: 'P-256' } as const
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const

/** From when until when a certificate is valid; X.509 counts in seconds. */
export interface Validity {
  readonly notBefore: Date
  readonly notAfter: Date
}

/** Makes a CA that signs itself. @param name its common name, by which people tell it from others */
export async function makeAuthority(name: string, validity: Validity): Promise<KeyPair> {
  const keys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: serialNumber(),
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate: pem(certificate), key: await keyPem(keys.privateKey) }
}

/**
 * Makes a serving certificate that a CA signs.
 * @param authority of makeAuthority
 * @param hosts the names and IP addresses by which the API server will call: `tallyman.tallyman.svc`, `127.0.0.1`
 */
export async function issueServing(
  authority: KeyPair,
  hosts: readonly string[],
  validity: Validity,
): Promise<KeyPair> {
  const [first] = hosts
  if (first === undefined) throw new RangeError('a serving certificate needs at least one host name')
  const issuer = new x509.X509Certificate(authority.certificate)
  const signingKey = await crypto.subtle.importKey(
    'pkcs8',
    x509.PemConverter.decodeFirst(authority.key),
    KEYS,
    false,
    ['sign'],
  )
  const keys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity,
    serialNumber: serialNumber(),
    issuer: issuer.subjectName,
    subject: [{ CN: [commonName(first)] }],
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        hosts.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  })
  return { certificate: pem(certificate), key: await keyPem(keys.privateKey) }
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`
}

async function keyPem(key: CryptoKey): Promise<string> {
  const bytes = await crypto.subtle.exportKey('pkcs8', key)
  return `${x509.PemConverter.encode(bytes, x509.PemConverter.PrivateKeyTag)}\n`
}

/** 120 random bits that begin with 01: positive and without leading zeros, as RFC 5280 (4.1.2.2) asks. */
function serialNumber(): string {
  return `01${Buffer.from(crypto.getRandomValues(new Uint8Array(15))).toString('hex')}`
}

/** X.520 allows 64 characters in a common name. Clients read the alternative names; this one is for people. */
function commonName(host: string): string {
  return host.slice(0, 64)
}
