import { X509Certificate } from 'node:crypto'
import t from 'tap'
import { developmentCertificates, VALID_DAYS } from '../../src/certificates/development.ts'
import { checkPair } from '../../src/certificates/pair.ts'

t.test('a CA and a certificate that it signs', async (t) => {
  const now = new Date('2026-11-23T12:00:00Z')
  const made = await developmentCertificates(['tallyman.tallyman.svc', 'localhost', '127.0.0.1', '::1'], {
    now,
  })
  const ca = new X509Certificate(made.ca)
  const leaf = new X509Certificate(made.serving.certificate)
  t.ok(ca.ca, 'the CA is one')
  t.notOk(leaf.ca, 'the other is none')
  t.ok(leaf.verify(ca.publicKey), 'signed by the CA')
  t.ok(leaf.checkIssued(ca), 'and says so')
  for (const name of ['tallyman.tallyman.svc', 'localhost']) t.equal(leaf.checkHost(name), name)
  for (const address of ['127.0.0.1', '::1']) t.equal(leaf.checkIP(address), address)
  t.equal(leaf.checkHost('registry.example.com'), undefined)
  t.same(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1'], 'for TLS servers only')
  t.equal(leaf.validToDate.getTime(), now.getTime() + VALID_DAYS * 24 * 60 * 60 * 1000)
  t.ok(leaf.validFromDate < now, 'valid for a clock that is behind')
  t.doesNotThrow(() => checkPair(made.serving.certificate, made.serving.key))
  t.notMatch(JSON.stringify(made.ca), /PRIVATE KEY/, 'the key of the CA is not handed out')
})

t.test('serial numbers are positive and differ', async (t) => {
  const serials = new Set<string>()
  for (let i = 0; i < 4; i++) {
    const { ca, serving } = await developmentCertificates(['localhost'])
    for (const pem of [ca, serving.certificate]) {
      const { serialNumber } = new X509Certificate(pem)
      t.match(serialNumber, /^0?1[0-9A-F]{30}$/)
      serials.add(serialNumber)
    }
  }
  t.equal(serials.size, 8)
})

t.test('a long host name', async (t) => {
  const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.svc`
  const { serving } = await developmentCertificates([host])
  t.equal(new X509Certificate(serving.certificate).checkHost(host), host)
})

t.test('a certificate for nobody is refused', (t) => t.rejects(developmentCertificates([]), RangeError))
