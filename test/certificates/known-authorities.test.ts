import t from 'tap'
import { readAuthorities } from '../../src/certificates/authorities.ts'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { KnownAuthorities } from '../../src/certificates/known-authorities.ts'
import { trustingEntry as entry } from './shared-callers.ts'

const [one, other] = [(await developmentCertificates(['a'])).ca, (await developmentCertificates(['b'])).ca]
const [first] = readAuthorities(one, 'it')

t.test('a CA is known when every entry has held it for a while', async (t) => {
  let time = 1_000
  const known = new KnownAuthorities(() => time)
  known.see([entry('a', one + other), entry('b', other)])
  t.equal(known.settlesIn(first, 100), Number.POSITIVE_INFINITY)
  t.match(known.missingIn(first), [{ name: 'b' }])
  known.see([entry('a', one), entry('b', other + one)])
  t.equal(known.settlesIn(first, 100), 100)
  t.strictSame(known.missingIn(first), [])
  time += 60
  known.see([entry('a', one), entry('b', one)])
  t.equal(known.settlesIn(first, 100), 40)
  time += 60
  t.equal(known.settlesIn(first, 100), 0)
})

t.test('what was taken out counts anew', async (t) => {
  let time = 0
  const known = new KnownAuthorities(() => time)
  known.see([entry('a', one)])
  time = 500
  known.see([entry('a', 'junk')])
  t.match(known.missingIn(first), [{ name: 'a' }])
  known.see([entry('a', one)])
  t.equal(known.settlesIn(first, 100), 100)
})

t.test('what cannot be read beside it is passed over', async (t) => {
  const known = new KnownAuthorities()
  known.see([entry('a', `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${one}`)])
  t.strictSame(known.missingIn(first), [])
})

t.test('where there is no entry nobody calls', async (t) => {
  const known = new KnownAuthorities()
  known.see([])
  t.equal(known.settlesIn(first, 100), 0)
  t.strictSame(known.missingIn(first), [])
})
