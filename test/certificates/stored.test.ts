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
  ['a key of another CA', { 'ca.key': old.key }, /^Secret a\/b: ca\.key does not belong to the first/],
  [
    'a CA that has not signed',
    { 'ca.crt': current.certificate },
    /^Secret a\/b: tls\.crt was signed by none of ca\.crt$/,
  ],
]
for (const [what, change, says] of wrong)
  t.test(`refused: ${what}`, async (t) =>
    t.throws(() => readStored({ ...data, ...change }, 'Secret a/b'), {
      name: 'CertificateError',
      message: says,
    }),
  )
