import 'reflect-metadata' // what @peculiar/x509 is built on needs it, loaded first
import * as x509 from '@peculiar/x509'
import t from 'tap'
import { issueServing, makeAuthority } from '../../src/certificates/authority.ts'
import { type CertificateData, dataOf, readStored } from '../../src/certificates/stored.ts'

const VALIDITY = { notBefore: new Date('2026-11-23T12:00:00Z'), notAfter: new Date('2027-11-23T12:00:00Z') }
const [old, current] = [await makeAuthority('old', VALIDITY), await makeAuthority('new', VALIDITY)]
const serving = await issueServing(old, ['a.svc'], VALIDITY)
const data = dataOf({ authorities: [current, old], authorityKey: current.key, serving })

t.test('what was kept is read, with who has signed what is served', async (t) => {
  const read = readStored(data, 'Secret a/b')
  t.equal(read.authorities.length, 2)
  t.equal(read.issuer, read.authorities[1])
  t.strictSame(dataOf(read), data)
})

const wrong: [
  what: string,
  change: Partial<Record<keyof CertificateData, string | undefined>>,
  says: RegExp,
][] = [
  ['a certificate is missing', { 'tls.crt': undefined }, /^Secret a\/b: tls\.crt is missing$/],
  ['a key is empty', { 'ca.key': '' }, /^Secret a\/b: ca\.key is missing$/],
  ['a certificate is none', { 'tls.crt': 'x' }, /^Secret a\/b: tls\.crt: is no PEM certificate/],
  ['a key of another certificate', { 'tls.key': current.key }, /^Secret a\/b: tls\.key: does not belong to/],
  [
    'a key of another CA',
    { 'ca.key': old.key },
    /^Secret a\/b: ca\.key is no P-256 key in PKCS #8 that belongs to the first/,
  ],
  [
    'a CA that has not signed',
    { 'ca.crt': current.certificate },
    /^Secret a\/b: tls\.crt was signed by none of ca\.crt$/,
  ],
]
const rsa = await rsaAuthority()
wrong.push([
  'a CA of another kind, which could not sign',
  { 'ca.crt': rsa.certificate + old.certificate, 'ca.key': rsa.key },
  /^Secret a\/b: ca\.key is no P-256 key/,
])
for (const [what, change, says] of wrong)
  t.test(`refused: ${what}`, async (t) =>
    t.throws(() => readStored({ ...data, ...change }, 'Secret a/b'), {
      name: 'CertificateError',
      message: says,
    }),
  )

/** A CA as others make them. */
async function rsaAuthority() {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...VALIDITY,
    name: [{ CN: ['rsa'] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  })
  const key = x509.PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', keys.privateKey),
    x509.PemConverter.PrivateKeyTag,
  )
  return { certificate: `${certificate.toString('pem')}\n`, key }
}
