import t from 'tap'
import { isFor } from '../../src/certificates/pair.ts'
import { makeAnew, renew } from '../../src/certificates/renew.ts'
import { LIFETIMES } from '../../src/certificates/renewal.ts'

const DAY = 24 * 60 * 60_000
const BEGIN = new Date('2026-11-23T12:00:00Z')
const at = (days: number) => ({
  hosts: ['a.svc'],
  now: new Date(BEGIN.getTime() + days * DAY),
  lifetimes: LIFETIMES,
})
const first = await makeAnew([], at(0))

t.test('everything', async (t) => {
  t.equal(first.issuer, first.authorities[0])
  t.ok(isFor(first.serving, ['a.svc']))
  t.equal(first.serving.notAfter.getTime(), BEGIN.getTime() + LIFETIMES.servingMs)
  t.equal(first.issuer.notAfter.getTime(), BEGIN.getTime() + LIFETIMES.authorityMs)
  t.ok(first.serving.notBefore < BEGIN, 'valid for a clock that is behind')
})

t.test('everything again: what callers may still meet stays trusted, unless it has expired', async (t) => {
  const again = await makeAnew(first.authorities, at(10))
  t.equal(again.authorities[1]?.fingerprint, first.issuer.fingerprint)
  t.equal(again.issuer, again.authorities[0])
  t.equal((await makeAnew(first.authorities, at(366))).authorities.length, 1)
})

t.test('a CA: what is served stays', async (t) => {
  const renewed = await renew(first, 'authority', at(244))
  t.equal(renewed.authorities.length, 2)
  t.equal(renewed.serving.fingerprint, first.serving.fingerprint)
  t.equal(renewed.issuer, renewed.authorities[1])
  t.not(renewed.authorityKey, first.authorityKey)
  const switched = await renew(renewed, 'serving', at(245))
  t.equal(switched.issuer, switched.authorities[0])
  t.equal(switched.authorities.length, 2)
  t.equal((await renew(switched, 'retirement', at(260))).authorities.length, 2, 'too early')
  t.equal((await renew(switched, 'retirement', at(275))).authorities.length, 1)
})

t.test('a certificate does not outlive its CA', async (t) => {
  const late = await renew(first, 'serving', at(350))
  t.strictSame(late.serving.notAfter, first.issuer.notAfter)
})
