import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Authority, isIssuedBy, readAuthorities } from '../../src/certificates/authorities.ts'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { ManagedCertificates, type ManagedOptions } from '../../src/certificates/managed.ts'
import type { CertificatePair } from '../../src/certificates/pair.ts'
import { makeAnew } from '../../src/certificates/renew.ts'
import { dueRenewal, LIFETIMES } from '../../src/certificates/renewal.ts'
import { readStored } from '../../src/certificates/stored.ts'
import { PRIMARY, SharedCallers, trustingEntry } from './shared-callers.ts'
import { SharedStore } from './shared-store.ts'

const HOSTS = ['tallyman.tallyman.svc']
const LIVES = { ...LIFETIMES, settleMs: 20 }
const PACE = { minMs: 1, maxMs: 20, lookMs: 5 }
const DAY = 24 * 60 * 60_000

/** What the replicas of a cluster share. */
class Cluster {
  readonly store = new SharedStore()
  readonly callers = new SharedCallers()
}

/** One of several, and what it has told of. */
class Replica {
  readonly served: CertificatePair[] = []
  readonly faults: string[] = []
  mended = 0
  readonly source: ManagedCertificates
  readonly #stop = new AbortController()
  readonly #done: Promise<void>

  constructor({ store, callers }: Cluster, options: Partial<ManagedOptions> & { now?: () => Date } = {}) {
    const { now, ...rest } = options
    this.source = new ManagedCertificates({
      store: store.view(),
      callers: callers.view(now),
      lifetimes: LIVES,
      pace: PACE,
      ...rest,
    })
    this.#done = this.source.watch(
      {
        changed: (pair) => this.served.push(pair),
        faulty: ({ message }) => this.faults.push(message),
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

function start(t: Test, cluster: Cluster, options: ConstructorParameters<typeof Replica>[1] = {}): Replica {
  const replica = new Replica(cluster, options)
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
function trusted({ source: { current } }: Replica, { callers }: Cluster): boolean {
  if (current === undefined) return false
  return callers.entries.every(({ caBundle }) =>
    authoritiesOf(caBundle).some((authority) => isIssuedBy(current.certificate, authority)),
  )
}

function authoritiesOf(caBundle: string): readonly Authority[] {
  return caBundle.includes('BEGIN CERTIFICATE') ? readAuthorities(caBundle, 'caBundle') : []
}

t.test('three replicas start with nothing, and serve the same', async (t) => {
  const cluster = new Cluster()
  const replicas = [start(t, cluster), start(t, cluster), start(t, cluster)]
  t.match(replicas[0]?.source.problem(), /has not been read yet/)
  await Promise.all(replicas.map(({ source }) => source.ready(AbortSignal.timeout(10_000))))
  await ready(replicas)
  t.equal(new Set(replicas.map(({ source }) => source.current?.fingerprint)).size, 1)
  t.ok(replicas.every((replica) => trusted(replica, cluster)))
  t.equal(
    new Set(cluster.callers.trusted.flatMap((bundles) => [...bundles.values()])).size,
    1,
    'of one maker',
  )
  t.strictSame(
    replicas.flatMap(({ faults }) => faults),
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
    const cluster = new Cluster()
    const replicas = [start(t, cluster), start(t, cluster)]
    await ready(replicas)
    const [before] = replicas.map(({ source }) => source.current?.fingerprint)
    cluster.store.change(breaks({ ...cluster.store.data }))
    await within('the successor to be served', () => {
      if (!replicas.every((replica) => trusted(replica, cluster))) t.fail('a caller would have been refused')
      return replicas.every(({ source }) => source.current?.fingerprint !== before)
    })
    await ready(replicas)
    t.doesNotThrow(() => readStored(cluster.store.data ?? {}, 'it'))
  })

t.test('a caBundle that somebody resets is written again', async (t) => {
  const cluster = new Cluster()
  const replica = start(t, cluster)
  await ready([replica])
  for (const caBundle of ['', 'junk']) {
    cluster.callers.change(
      cluster.callers.entries.map((entry) => (entry.primary ? { ...entry, caBundle } : entry)),
    )
    await within('it to be written again', () => trusted(replica, cluster))
    await ready([replica])
  }
  t.equal(replica.served.length, 1, 'what is served stays')
})

t.test('renewals of years, and none that a caller would refuse', { timeout: 180_000 }, async (t) => {
  const RENEWALS = 60
  const STEP_MS = 5 * DAY
  const cluster = new Cluster()
  let time = Date.now()
  const now = () => new Date(time)
  const replicas = Array.from({ length: 3 }, () => start(t, cluster, { now }))
  await ready(replicas)
  const authorities = new Set<string>()
  let refusals = 0
  let renewals = 0
  /** Nothing is due, and everybody serves what is kept. */
  const settled = () => {
    refusals += replicas.filter((replica) => !trusted(replica, cluster)).length
    const stored = readStored(cluster.store.data ?? {}, 'it')
    const question = { hosts: HOSTS, now: now(), lifetimes: LIVES, newestKnown: true }
    return (
      dueRenewal(stored, question) === undefined &&
      replicas.every(({ source }) => source.current?.fingerprint === stored.serving.fingerprint)
    )
  }
  for (let last = ''; renewals < RENEWALS; time += STEP_MS) {
    await within('the replicas to agree', settled)
    const { serving, authorities: all } = readStored(cluster.store.data ?? {}, 'it')
    if (serving.fingerprint !== last) renewals += 1
    last = serving.fingerprint
    for (const { fingerprint } of all) authorities.add(fingerprint)
    if (all.length > 2) t.fail(`${all.length} CAs are trusted at once`)
  }
  t.equal(refusals, 0)
  t.ok(authorities.size >= 4, `${authorities.size} CAs: they are renewed too`)
})

t.test('what is not ours stays as it is', async (t) => {
  const cluster = new Cluster()
  const foreign = 'Secret tallyman/tallyman-certificate: type: is Opaque'
  cluster.store.change({ a: 'b' }, foreign)
  const replica = start(t, cluster)
  await within('it to say so', () => replica.faults.length > 0)
  await sleep(50)
  t.strictSame(replica.faults, [foreign], 'once')
  t.equal(replica.source.problem(), foreign)
  t.equal(cluster.store.writes, 0)
  cluster.store.change(undefined)
  await ready([replica])
  t.equal(replica.mended, 1)
})

const elsewhere = {
  by: 'service',
  problem: 'Configuration: leads to the service other.tallyman',
} as const

t.test('entries that lead elsewhere are left alone', async (t) => {
  const cases: [what: string, name: string, problem: string | undefined][] = [
    ['the one for workloads: it is not ready', PRIMARY, elsewhere.problem],
    ['another: workloads are judged all the same', 'policies.tallyman.dev', undefined],
  ]
  for (const [what, name, problem] of cases) {
    const cluster = new Cluster()
    cluster.callers.change([
      trustingEntry(name, 'theirs', { elsewhere }),
      trustingEntry('namespaces.tallyman.dev'),
    ])
    const replica = start(t, cluster)
    await within('it to say so', () => replica.faults.includes(elsewhere.problem))
    await within('it to serve', () => replica.source.current !== undefined)
    t.equal(replica.source.problem(), problem, what)
    t.equal(replica.source.fault, elsewhere.problem)
    t.match(cluster.callers.entries, [{ caBundle: 'theirs' }, { caBundle: /BEGIN CERTIFICATE/ }])
  }
})

t.test('what an entry holds of others stays in it', async (t) => {
  const cluster = new Cluster()
  const { ca } = await developmentCertificates(HOSTS)
  const { authorities } = await makeAnew([], { hosts: HOSTS, now: new Date(), lifetimes: LIVES })
  const held = `${authorities[0].certificate}\n${ca}`
  cluster.callers.change([trustingEntry(PRIMARY, held), trustingEntry('policies.tallyman.dev')])
  await ready([start(t, cluster)])
  const [ours] = readStored(cluster.store.data ?? {}, 'it').authorities
  t.equal(
    cluster.callers.entries[0]?.caBundle,
    `${ours.certificate}\n${ca}`,
    'but not a CA of ours of before',
  )
  t.equal(cluster.callers.entries[1]?.caBundle, `${ours.certificate}\n`)
})

t.test('what cannot be followed stays a fault until it can be', async (t) => {
  const cluster = new Cluster()
  const replica = start(t, cluster)
  await ready([replica])
  const lost = 'Secret: cannot be read: forbidden'
  cluster.store.lose(new Error('forbidden'))
  t.strictSame(replica.faults, [lost])
  cluster.callers.change(cluster.callers.entries.map((entry) => ({ ...entry, caBundle: '' })))
  await within('the entries to be mended', () => trusted(replica, cluster))
  await sleep(50)
  t.equal(replica.source.fault, lost, 'a round that goes by what was seen last mends nothing')
  t.equal(replica.mended, 0)
  t.equal(replica.source.problem(), undefined, 'callers can use what is served')
  cluster.store.lose(undefined)
  t.equal(replica.mended, 1)
  t.equal(replica.source.fault, undefined)
})

t.test('that nobody trusts what is served shows beside what else is wrong', async (t) => {
  const cluster = new Cluster()
  const replica = start(t, cluster)
  await ready([replica])
  cluster.store.change({ a: 'b' }, 'it is somebody else’s')
  await within('it to say so', () => replica.source.fault !== undefined)
  const { entries } = cluster.callers
  cluster.callers.change(entries.map((entry) => ({ ...entry, caBundle: '' })))
  await within('it not to be ready', () => replica.source.problem() !== undefined)
  t.match(
    replica.source.problem(),
    /^Configuration: .*\.caBundle does not hold the CA .*: it is somebody else’s$/,
  )
  cluster.callers.change(entries)
  await ready([replica])
})

t.test('without the right to write it says so, and goes on when it has it', async (t) => {
  const cluster = new Cluster()
  cluster.store.refusal = new Error('Secret tallyman/tallyman-certificate: may not be written')
  const replica = start(t, cluster)
  await within('it to say so', () => replica.faults.length > 0)
  t.equal(replica.source.problem(), cluster.store.refusal.message)
  cluster.store.refusal = undefined
  await ready([replica])
  t.equal(replica.mended, 1)
  t.strictSame(replica.faults, ['Secret tallyman/tallyman-certificate: may not be written'])
})

t.test(
  'a right that is lost later does not make it unready while callers can use what is served',
  async (t) => {
    const cluster = new Cluster()
    let ahead = 0
    const replica = start(t, cluster, { now: () => new Date(Date.now() + ahead) })
    await ready([replica])
    cluster.store.refusal = new Error('may not be written')
    ahead = 21 * DAY
    await within('it to say so', () => replica.faults.length > 0)
    t.equal(replica.source.problem(), undefined)
    ahead = 31 * DAY
    t.match(replica.source.problem(), /expired on .*: may not be written/)
  },
)

t.test('where there is no webhook configuration nobody calls, so that is no problem', async (t) => {
  const cluster = new Cluster()
  cluster.callers.change([])
  const replica = start(t, cluster)
  await ready([replica])
  t.equal(cluster.callers.trusted.length, 0)
})
