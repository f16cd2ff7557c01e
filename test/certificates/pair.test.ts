import t from 'tap'
import { issueServing, makeAuthority } from '../../src/certificates/authority.ts'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { CertificateError, checkPair, isFor, unusable } from '../../src/certificates/pair.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const one = await developmentCertificates(['localhost'], { now: NOW, days: 30 })
const other = await developmentCertificates(['localhost'], { now: NOW })

t.test('a pair that belongs together', async (t) => {
  const pair = checkPair(one.serving.certificate, one.serving.key)
  t.match(pair.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  t.same(pair.notAfter, new Date('2026-12-23T12:00:00Z'))
})

t.test('a certificate with its chain behind it', async (t) => {
  const chain = one.serving.certificate + one.ca
  t.equal(
    checkPair(chain, one.serving.key).fingerprint,
    checkPair(one.serving.certificate, one.serving.key).fingerprint,
  )
})

t.test('what cannot be served says which file and what to do', async (t) => {
  const { certificate, key } = one.serving
  const cases: [what: string, certificate: string, key: string, message: RegExp][] = [
    ['an empty certificate', '', key, /^tls\.crt: is no PEM certificate/],
    ['an empty key', certificate, '', /^tls\.key: is no PEM private key/],
    ['the two mistaken for each other', key, certificate, /^tls\.crt: is no PEM certificate/],
    ['a truncated key', certificate, key.slice(0, 80), /^tls\.key: is no PEM private key/],
    ['the key of another', certificate, other.serving.key, /^tls\.key: does not belong to tls\.crt/],
    [
      'a broken chain',
      `${certificate}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      key,
      /^tls\.crt: TLS does not/,
    ],
  ]
  for (const [what, certificate, key, message] of cases) {
    const check = () => checkPair(certificate, key, { certificate: 'tls.crt', key: 'tls.key' })
    t.throws(check, message, what)
    t.throws(check, CertificateError, `${what}: a CertificateError`)
  }
})

t.test('valid from its first to its last moment', async (t) => {
  const pair = checkPair(one.serving.certificate, one.serving.key)
  const cases: [at: Date, why: RegExp | undefined][] = [
    [NOW, undefined],
    [pair.notBefore, undefined],
    [pair.notAfter, undefined],
    [new Date(pair.notBefore.getTime() - 1), /is not valid before 2026-11-23T11:55:00/],
    [new Date(pair.notAfter.getTime() + 1), /expired on 2026-12-23T12:00:00/],
  ]
  for (const [at, why] of cases) {
    if (why === undefined) t.equal(unusable(pair, at), undefined, at.toISOString())
    else t.match(unusable(pair, at), why, at.toISOString())
  }
})

const HOST = 'tallyman.tallyman.svc'
const VALIDITY = { notBefore: NOW, notAfter: new Date('2026-12-23T12:00:00Z') }
const named = await makeAuthority(HOST, VALIDITY)
const hosts: [what: string, certificate: string, is: boolean][] = [
  ['it', (await issueServing(named, [HOST], VALIDITY)).certificate, true],
  ['it and another', (await issueServing(named, ['a.svc', HOST], VALIDITY)).certificate, true],
  [
    'every Service of the namespace',
    (await issueServing(named, ['*.tallyman.svc'], VALIDITY)).certificate,
    true,
  ],
  ['a part of its name', (await issueServing(named, ['tally*.tallyman.svc'], VALIDITY)).certificate, false],
  ['another', (await issueServing(named, ['tallyman.other.svc'], VALIDITY)).certificate, false],
  ['it by the common name alone', named.certificate, false],
]
for (const [what, certificate, is] of hosts)
  t.test(`for a host: ${what}`, async (t) => {
    t.equal(isFor({ certificate }, [HOST]), is)
    t.equal(isFor({ certificate }, [HOST, 'localhost']), false, 'and for no other')
  })
