import t from 'tap'
import { makeAuthority } from '../../src/certificates/authority.ts'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { makeAnew } from '../../src/certificates/renew.ts'
import { LIFETIMES } from '../../src/certificates/renewal.ts'
import { trustBundle } from '../../src/certificates/trust-bundle.ts'

const options = { hosts: ['a.svc'], now: new Date('2026-11-28T12:00:00Z'), lifetimes: LIFETIMES }
const before = (await makeAnew([], options)).authorities[0].certificate.trim()
const [now] = (await makeAnew([], options)).authorities
const ours = `${now.certificate.trim()}\n`
const theirs = `${(await developmentCertificates(['a.svc'])).ca.trim()}\n`
const validity = { notBefore: options.now, notAfter: new Date('2027-11-28T12:00:00Z') }
const similar = `${(await makeAuthority('tallyman CA prod', validity)).certificate.trim()}\n`
const JUNK = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

const cases: [what: string, held: string, bundle: string][] = [
  ['nothing', '', ours],
  ['what it is to hold', ours, ours],
  ['a CA of ours of before', before, ours],
  ['a CA of others', theirs, ours + theirs],
  ['all of them', `${before}\n${theirs}${ours}`, ours + theirs],
  ['what it is to hold, before a CA of others', ours + theirs, ours + theirs],
  ['what it is to hold, after a CA of others', `${theirs}# ours\n${ours}`, `${theirs}# ours\n${ours}`],
  ['junk', `junk ${JUNK}`, ours],
  ['what it is to hold, run into another', theirs.trim() + ours, ours],
  ['a CA of others of a similar name', similar, ours + similar],
]
for (const [what, held, bundle] of cases)
  t.test(`an entry holds ${what}`, async (t) => t.equal(trustBundle([now], held), bundle))
