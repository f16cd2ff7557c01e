import { X509Certificate } from 'node:crypto'
import t from 'tap'
import { issueServing, makeAuthority } from '../../src/certificates/authority.ts'
import { checkPair } from '../../src/certificates/pair.ts'

const VALIDITY = { notBefore: new Date('2026-11-23T12:00:00Z'), notAfter: new Date('2027-11-23T12:00:00Z') }

t.test('a CA signs one serving certificate after the other, also as it was kept', async (t) => {
  const authority = await makeAuthority('tallyman CA', VALIDITY)
  const kept = JSON.parse(JSON.stringify(authority))
  const ca = new X509Certificate(authority.certificate)
  t.equal(ca.subject, 'CN=tallyman CA')
  for (const host of ['tallyman.tallyman.svc', '127.0.0.1']) {
    const serving = await issueServing(kept, [host], VALIDITY)
    const leaf = new X509Certificate(serving.certificate)
    t.ok(leaf.verify(ca.publicKey) && leaf.checkIssued(ca), 'signed by the CA, and says so')
    t.same(leaf.validFromDate, VALIDITY.notBefore)
    t.same(leaf.validToDate, VALIDITY.notAfter)
    t.doesNotThrow(() => checkPair(serving.certificate, serving.key))
  }
})

t.test('no other CA has signed it', async (t) => {
  const [one, other] = [
    await makeAuthority('tallyman CA', VALIDITY),
    await makeAuthority('tallyman CA', VALIDITY),
  ]
  const leaf = new X509Certificate((await issueServing(one, ['a.svc'], VALIDITY)).certificate)
  t.notOk(leaf.verify(new X509Certificate(other.certificate).publicKey))
})

t.test('a key that is none is refused', async (t) => {
  const authority = await makeAuthority('tallyman CA', VALIDITY)
  await t.rejects(issueServing({ ...authority, key: 'no key' }, ['a.svc'], VALIDITY))
})
