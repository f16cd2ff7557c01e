import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Authority, isIssuedBy, readAuthorities } from '../../src/certificates/authorities.ts'
import { ManagedCertificates, type ManagedOptions } from '../../src/certificates/managed.ts'
import type { CertificatePair } from '../../src/certificates/pair.ts'
import { dueRenewal, LIFETIMES } from '../../src/certificates/renewal.ts'
import { readStored } from '../../src/certificates/stored.ts'
import { SharedStore } from './shared-store.ts'

const HOSTS = ['tallyman.tallyman.svc']
const LIVES = { ...LIFETIMES, settleMs: 20 }
const PACE = { minMs: 1, maxMs: 20, lookMs: 5 }
const DAY = 24 * 60 * 60_000

/** One of several, and what it has told of. */
class Replica {
  readonly served: CertificatePair[] = []
  readonly refused: string[] = []
  mended = 0
  readonly source: ManagedCertificates
  readonly #stop = new AbortController()
  readonly #done: Promise<void>

  constructor(store: SharedStore, options: Partial<ManagedOptions> & { now?: () => Date } = {}) {
    const { now, ...rest } = options
    this.source = new ManagedCertificates({
      store: store.view(now),
      hosts: HOSTS,
      lifetimes: LIVES,
      pace: PACE,
      ...rest,
    })
    this.#done = this.source.watch(
      {
        changed: (pair) => this.served.push(pair),
        refused: ({ message }) => this.refused.push(message),
        mended: () => {
          this.mended += 1
        },
      },
      this.#stop.signal,
    )
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#done
  }
}

function start(t: Test, store: SharedStore, options: ConstructorParameters<typeof Replica>[1] = {}): Replica {
  const replica = new Replica(store, options)
  t.teardown(() => replica.stop())
  return replica
}

const within = async (what: string, condition: () => boolean, ms = 20_000): Promise<void> => {
  for (const end = performance.now() + ms; !condition(); await sleep(1))
    if (performance.now() > end) throw new Error(`waited ${ms} ms for ${what}`)
}
const ready = (replicas: readonly Replica[]) =>
  within('all to be ready', () =>
    replicas.every(({ source }) => source.current !== undefined && source.problem() === undefined),
  )

/** Whether those who call trust what a replica serves. */
function trusted({ source: { current } }: Replica, store: SharedStore): boolean {
  if (current === undefined) return false
  return store.entries.every(({ caBundle }) =>
    authoritiesOf(caBundle).some((authority) => isIssuedBy(current.certificate, authority)),
  )
}

function authoritiesOf(caBundle: string): readonly Authority[] {
  return caBundle.includes('BEGIN CERTIFICATE') ? readAuthorities(caBundle, 'caBundle') : []
}

t.test('three replicas start with nothing, and serve the same', async (t) => {
  const store = new SharedStore()
  const replicas = [start(t, store), start(t, store), start(t, store)]
  t.match(replicas[0]?.source.problem(), /has not been read yet/)
  await Promise.all(replicas.map(({ source }) => source.ready(AbortSignal.timeout(10_000))))
  await ready(replicas)
  t.equal(new Set(replicas.map(({ source }) => source.current?.fingerprint)).size, 1)
  t.ok(replicas.every((replica) => trusted(replica, store)))
  t.equal(new Set(store.trusted).size, 1, 'of one maker')
  t.strictSame(
    replicas.flatMap(({ refused }) => refused),
    [],
  )
})

const broken: [
  what: string,
  breaks: (data: Record<string, string | undefined>) => Record<string, string | undefined> | undefined,
][] = [
  ['deleted', () => undefined],
  ['emptied', () => ({})],
  ['without the key', ({ 'tls.key': _, ...data }) => data],
  ['with junk for a certificate', (data) => ({ ...data, 'tls.crt': 'junk' })],
  ['with junk for a CA', (data) => ({ ...data, 'ca.crt': 'junk' })],
  ['with another key of the CA', (data) => ({ ...data, 'ca.key': data['tls.key'] })],
]
for (const [what, breaks] of broken)
  t.test(`${what}: mended, and callers know at each moment what is served`, async (t) => {
    const store = new SharedStore()
    const replicas = [start(t, store), start(t, store)]
    await ready(replicas)
    const [before] = replicas.map(({ source }) => source.current?.fingerprint)
    store.change({ data: breaks({ ...store.data }) })
    await within('the successor to be served', () => {
      if (!replicas.every((replica) => trusted(replica, store))) t.fail('a caller would have been refused')
      return replicas.every(({ source }) => source.current?.fingerprint !== before)
    })
    await ready(replicas)
    t.doesNotThrow(() => readStored(store.data ?? {}, 'it'))
  })

t.test('a caBundle that somebody resets is written again', async (t) => {
  const store = new SharedStore()
  const replica = start(t, store)
  await ready([replica])
  for (const caBundle of ['', 'junk']) {
    const [first, ...others] = store.entries
    store.change({ entries: [{ name: '', ...first, caBundle }, ...others] })
    await within('it to be written again', () => trusted(replica, store))
    await ready([replica])
  }
  t.equal(replica.served.length, 1, 'what is served stays')
})

t.test('renewals of years, and none that a caller would refuse', { timeout: 180_000 }, async (t) => {
  const RENEWALS = 60
  const STEP_MS = 5 * DAY
  const store = new SharedStore()
  let time = Date.now()
  const now = () => new Date(time)
  const replicas = Array.from({ length: 3 }, () => start(t, store, { now }))
  await ready(replicas)
  const authorities = new Set<string>()
  let refusals = 0
  let renewals = 0
  /** Nothing is due, and everybody serves what is kept. */
  const settled = () => {
    refusals += replicas.filter((replica) => !trusted(replica, store)).length
    const stored = readStored(store.data ?? {}, 'it')
    const question = { hosts: HOSTS, now: now(), lifetimes: LIVES, newestKnown: true }
    return (
      dueRenewal(stored, question) === undefined &&
      replicas.every(({ source }) => source.current?.fingerprint === stored.serving.fingerprint)
    )
  }
  for (let last = ''; renewals < RENEWALS; time += STEP_MS) {
    await within('the replicas to agree', settled)
    const { serving, authorities: all } = readStored(store.data ?? {}, 'it')
    if (serving.fingerprint !== last) renewals += 1
    last = serving.fingerprint
    for (const { fingerprint } of all) authorities.add(fingerprint)
    if (all.length > 2) t.fail(`${all.length} CAs are trusted at once`)
  }
  t.equal(refusals, 0)
  t.ok(authorities.size >= 4, `${authorities.size} CAs: they are renewed too`)
})

t.test('what is not ours stays as it is', async (t) => {
  const store = new SharedStore()
  const foreign = 'Secret tallyman/tallyman-certificate: type: is Opaque'
  store.change({ data: { a: 'b' }, foreign })
  const replica = start(t, store)
  await within('it to say so', () => replica.refused.length > 0)
  await sleep(50)
  t.strictSame(replica.refused, [foreign], 'once')
  t.equal(replica.source.problem(), foreign)
  t.equal(store.writes, 0)
  store.change({ data: undefined, foreign: undefined })
  await ready([replica])
  t.equal(replica.mended, 1)
})

t.test('entries that lead elsewhere are left alone, and keep it from being ready', async (t) => {
  const store = new SharedStore()
  const foreign =
    'ValidatingWebhookConfiguration tallyman: webhooks[policies.tallyman.dev].clientConfig.service.name is other'
  store.change({
    entries: [
      { name: 'a', caBundle: '' },
      { name: 'b', caBundle: 'theirs', foreign },
    ],
  })
  const replica = start(t, store)
  await within('it to say so', () => replica.refused.includes(foreign))
  t.equal(replica.source.problem(), foreign)
  t.match(store.entries, [{ caBundle: /BEGIN CERTIFICATE/ }, { caBundle: 'theirs' }])
})

t.test('without the right to write it says so, and goes on when it has it', async (t) => {
  const store = new SharedStore()
  store.refusal = new Error('Secret tallyman/tallyman-certificate: may not be written')
  const replica = start(t, store)
  await within('it to say so', () => replica.refused.length > 0)
  t.equal(replica.source.problem(), store.refusal.message)
  store.refusal = undefined
  await ready([replica])
  t.equal(replica.mended, 1)
  t.strictSame(replica.refused, ['Secret tallyman/tallyman-certificate: may not be written'])
})

t.test(
  'a right that is lost later does not make it unready while callers can use what is served',
  async (t) => {
    const store = new SharedStore()
    let ahead = 0
    const replica = start(t, store, { now: () => new Date(Date.now() + ahead) })
    await ready([replica])
    store.refusal = new Error('may not be written')
    ahead = 21 * DAY
    await within('it to say so', () => replica.refused.length > 0)
    t.equal(replica.source.problem(), undefined)
    ahead = 31 * DAY
    t.match(replica.source.problem(), /expired on .*: may not be written/)
  },
)

t.test('where there is no webhook configuration nobody calls, so that is no problem', async (t) => {
  const store = new SharedStore()
  store.change({ entries: [] })
  const replica = start(t, store)
  await ready([replica])
  t.equal(store.trusted.length, 0)
})
