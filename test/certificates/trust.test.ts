import 'reflect-metadata' // what @peculiar/x509 is built on needs it, loaded first
import * as x509 from '@peculiar/x509'
import t from 'tap'
import { issueServing, makeAuthority } from '../../src/certificates/authority.ts'
import { isTrusted } from '../../src/certificates/trust.ts'

const DAY = 24 * 60 * 60_000
const NOW = new Date('2026-11-28T12:00:00Z')
const days = (from: number, to: number) => ({
  notBefore: new Date(NOW.getTime() + from * DAY),
  notAfter: new Date(NOW.getTime() + to * DAY),
})

const root = await makeAuthority('root', days(-1, 30))
const other = await makeAuthority('root', days(-1, 30))
const expired = await makeAuthority('expired', days(-30, -1))
const leaf = await issueServing(root, ['a.svc'], days(-1, 30))
const ofExpired = await issueServing(expired, ['a.svc'], days(-1, 30))
const again = await issuedAgain(root)
const intermediate = await intermediateOf(root)
const below = await issueServing(intermediate, ['a.svc'], days(-1, 30))

const JUNK = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
const cases: [what: string, served: string, bundle: string, trusted: boolean][] = [
  ['its CA', leaf.certificate, root.certificate, true],
  ['its CA, issued again with the same key', leaf.certificate, again.certificate, true],
  ['another CA of the same name', leaf.certificate, other.certificate, false],
  ['both', leaf.certificate, other.certificate + root.certificate, true],
  ['junk before its CA', leaf.certificate, JUNK + root.certificate, true],
  ['junk', leaf.certificate, 'junk', false],
  ['nothing', leaf.certificate, '', false],
  ['the certificate itself', leaf.certificate, leaf.certificate, true],
  ['a CA that has expired', ofExpired.certificate, expired.certificate, false],
  [
    'the root, by the chain that is served',
    below.certificate + intermediate.certificate,
    root.certificate,
    true,
  ],
  ['the root, and the chain is not served', below.certificate, root.certificate, false],
  ['the intermediate CA', below.certificate, intermediate.certificate, true],
  ['no certificate is served', 'junk', root.certificate, false],
]
for (const [what, served, bundle, trusted] of cases)
  t.test(`trusted: ${what}`, async (t) => t.equal(isTrusted({ certificate: served }, bundle, NOW), trusted))

/** A CA with the key and the name of another, and another identifier of its key, by which OpenSSL would tell them apart. */
async function issuedAgain(authority: typeof root): Promise<typeof root> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const pkcs8 = x509.PemConverter.decodeFirst(authority.key)
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign'])
  const { publicKey, subjectName } = new x509.X509Certificate(authority.certificate)
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...days(-1, 60),
    name: subjectName.toJSON(),
    keys: { privateKey, publicKey: await publicKey.export() },
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.SubjectKeyIdentifierExtension('0123456789012345678901234567890123456789'),
    ],
  })
  return { certificate: `${certificate.toString('pem')}\n`, key: authority.key }
}

/** A CA that another has signed. */
async function intermediateOf(authority: typeof root): Promise<typeof root> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const signingKey = await crypto.subtle.importKey(
    'pkcs8',
    x509.PemConverter.decodeFirst(authority.key),
    algorithm,
    false,
    ['sign'],
  )
  const certificate = await x509.X509CertificateGenerator.create({
    ...days(-1, 30),
    issuer: new x509.X509Certificate(authority.certificate).subjectName,
    subject: [{ CN: ['intermediate'] }],
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  })
  const key = x509.PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', keys.privateKey),
    x509.PemConverter.PrivateKeyTag,
  )
  return { certificate: `${certificate.toString('pem')}\n`, key }
}
