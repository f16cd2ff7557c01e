import t from 'tap'
import { makeAnew, renew } from '../../src/certificates/renew.ts'
import { dueRenewal, LIFETIMES, type RenewalQuestion } from '../../src/certificates/renewal.ts'
import type { StoredCertificates } from '../../src/certificates/stored.ts'

const DAY = 24 * 60 * 60_000
const HOSTS = ['tallyman.tallyman.svc']
const BEGIN = new Date('2026-11-23T12:00:00Z')
const day = (days: number) => new Date(BEGIN.getTime() + days * DAY)
const at = (days: number) => ({ hosts: HOSTS, now: day(days), lifetimes: LIFETIMES })
const ask = (days: number, more: Partial<RenewalQuestion> = {}) => ({
  ...at(days),
  newestKnown: true,
  ...more,
})

const first = await makeAnew([], at(0))
const twoAuthorities = await renew(await renew(first, 'serving', at(240)), 'authority', at(244))
const switched = await renew(twoAuthorities, 'serving', at(245))

const cases: [what: string, StoredCertificates, RenewalQuestion, due: ReturnType<typeof dueRenewal>][] = [
  ['all is new', first, ask(0), undefined],
  ['before two thirds of thirty days', first, ask(19.9), undefined],
  ['after two thirds of thirty days', first, ask(20.1), 'serving'],
  [
    'callers do not know the CA yet: what is served is good for ten days more',
    first,
    ask(20.1, { newestKnown: false }),
    undefined,
  ],
  ['it has expired: nothing is lost', first, ask(30.1, { newestKnown: false }), 'serving'],
  ['it is not valid yet', first, ask(-1, { newestKnown: false }), 'authority'],
  [
    'the Service has another name',
    first,
    ask(1, { hosts: ['webhook.tallyman.svc'], newestKnown: false }),
    'serving',
  ],
  ['one of two names is missing', first, ask(1, { hosts: [...HOSTS, 'b.svc'] }), 'serving'],
  ['after two thirds of a year', first, ask(244), 'authority'],
  ['the CA has expired', first, ask(400, { newestKnown: false }), 'authority'],
  [
    'two CAs: the new one waits until callers know it',
    twoAuthorities,
    ask(244, { newestKnown: false }),
    undefined,
  ],
  ['two CAs, callers know both', twoAuthorities, ask(244), 'serving'],
  ['switched: the old CA stays while what it signed could be served', switched, ask(264), undefined],
  [
    'switched: it retires a serving certificate’s life after the new one was made',
    await renew(switched, 'serving', at(264)),
    ask(275),
    'retirement',
  ],
]
for (const [what, stored, question, due] of cases)
  t.test(what, async (t) => t.equal(dueRenewal(stored, question), due))
