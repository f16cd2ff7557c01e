import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { bundleOf, isIssuedBy, readAuthorities } from '../../src/certificates/authorities.ts'
import { developmentCertificates } from '../../src/certificates/development.ts'

const [one, other] = [await developmentCertificates(['a.svc']), await developmentCertificates(['b.svc'])]

t.test('a bundle is read as it was written, in its order', async (t) => {
  const read = readAuthorities(`# of somebody\n${one.ca}\n\n${other.ca}`, 'ca.crt')
  t.equal(read.length, 2)
  t.equal(bundleOf(read), bundleOf(readAuthorities(bundleOf(read), 'ca.crt')))
  t.notSame(read[0]?.fingerprint, read[1]?.fingerprint)
})

t.test('who has signed a certificate', async (t) => {
  const [first, second] = readAuthorities(one.ca + other.ca, 'ca.crt')
  t.ok(isIssuedBy(one.serving.certificate, first))
  t.notOk(second && isIssuedBy(one.serving.certificate, second), 'not one of the same name')
})

const wrong: [what: string, text: string, says: RegExp][] = [
  ['nothing', '', /^ca\.crt: holds no PEM certificate/],
  [
    'a key',
    String(
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
    ),
    /holds no PEM certificate/,
  ],
  [
    'junk between the lines',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    /holds a certificate that cannot be read/,
  ],
  ['a certificate that is no CA', one.serving.certificate, /holds CN=a\.svc, which is no CA/],
]
for (const [what, text, says] of wrong)
  t.test(`${what} is refused`, async (t) =>
    t.throws(() => readAuthorities(text, 'ca.crt'), { name: 'CertificateError', message: says }),
  )
