import 'reflect-metadata' // what @peculiar/x509 is built on needs it, loaded first
import type { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

/** A certificate and its private key, both PEM. */
export interface Credentials {
  readonly certificate: string
  readonly key: string
}

/** Who a certificate is for. Kubernetes reads the common name as the user and the organisations as the groups. */
export interface Subject {
  readonly name: string
  readonly groups?: readonly string[]
  /** Names and addresses of a server; without them the certificate is a client's. */
  readonly hosts?: readonly string[]
}

const KEYS = { name: 'ECDSA', namedCurve: 'P-256' } as const
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const
/** A cluster for tests lives for hours, at most for a day in which somebody plays with it. */
const VALID_MS = 7 * 24 * 60 * 60 * 1000
const CLOCK_SKEW_MS = 5 * 60 * 1000

/** The certificate authority of one control plane. Its key is only ever in memory. */
export class Authority {
  readonly certificate: string
  readonly #ca: x509.X509Certificate
  readonly #keys: webcrypto.CryptoKeyPair

  private constructor(ca: x509.X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.#ca = ca
    this.#keys = keys
    this.certificate = `${ca.toString('pem')}\n`
  }

  static async create(): Promise<Authority> {
    const keys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])
    const ca = await x509.X509CertificateGenerator.createSelfSigned({
      ...validity(),
      serialNumber: serialNumber(),
      name: [{ CN: ['tallyman test control plane'] }],
      keys,
      signingAlgorithm: SIGNATURE,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
    return new Authority(ca, keys)
  }

  async issue({ name, groups = [], hosts = [] }: Subject): Promise<Credentials> {
    const keys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])
    const server = hosts.length > 0
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity(),
      serialNumber: serialNumber(),
      issuer: this.#ca.subjectName,
      subject: [...groups.map((group) => ({ O: [group] })), { CN: [name] }],
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: SIGNATURE,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([
          server ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth,
        ]),
        ...(server
          ? [
              new x509.SubjectAlternativeNameExtension(
                hosts.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
              ),
            ]
          : []),
        await x509.AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
      ],
    })
    return { certificate: `${certificate.toString('pem')}\n`, key: await privatePem(keys.privateKey) }
  }
}

/** A key pair for signing service account tokens (ES256), as the API server's two flags want it. */
export async function serviceAccountKeys(): Promise<{ private: string; public: string }> {
  const keys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])
  const spki = await crypto.subtle.exportKey('spki', keys.publicKey)
  return {
    private: await privatePem(keys.privateKey),
    public: `${x509.PemConverter.encode(spki, x509.PemConverter.PublicKeyTag)}\n`,
  }
}

async function privatePem(key: CryptoKey): Promise<string> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key)
  return `${x509.PemConverter.encode(pkcs8, x509.PemConverter.PrivateKeyTag)}\n`
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now - CLOCK_SKEW_MS), notAfter: new Date(now + VALID_MS) }
}

/** 120 random bits that begin with 01: positive and without leading zeros, as RFC 5280 (4.1.2.2) asks. */
function serialNumber(): string {
  return `01${Buffer.from(crypto.getRandomValues(new Uint8Array(15))).toString('hex')}`
}
