import t from 'tap'
import type { TrustingEntry } from '../../src/certificates/callers.ts'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { refusals } from '../../src/certificates/refusals.ts'
import { trustingEntry } from './shared-callers.ts'

const host = 'tallyman.tallyman.svc'
const NOW = new Date('2026-11-28T12:00:00Z')
const [ours, other, local] = await Promise.all(
  [[host], [host], ['localhost', '127.0.0.1']].map((hosts) => developmentCertificates(hosts, { now: NOW })),
)
if (!ours || !other || !local) throw new Error('made above')

const problem = 'a: leads to the service other.tallyman'
const cases: [
  what: string,
  served: typeof ours,
  entries: readonly TrustingEntry[],
  refused: Record<string, RegExp>,
][] = [
  ['no configuration', ours, [], {}],
  ['all trust it', ours, [trustingEntry('a', ours.ca), trustingEntry('b', other.ca + ours.ca)], {}],
  [
    'one does not',
    ours,
    [trustingEntry('a', ours.ca), trustingEntry('b', other.ca)],
    { b: /^Configuration: b\.caBundle holds no valid CA that has signed tls\.crt; write that CA there/ },
  ],
  ['no bundle: the CAs of the machine of the API server', ours, [trustingEntry('a')], {}],
  [
    'for other hosts',
    local,
    [trustingEntry('a', local.ca)],
    {
      a: /^tls\.crt: is for DNS:localhost, IP Address:127\.0\.0\.1, and by Configuration: a .* calls tallyman\.tallyman\.svc; have it issued for that name$/,
    },
  ],
  [
    'an entry leads to another Service',
    ours,
    [trustingEntry('a', '', { elsewhere: { by: 'service', problem } })],
    { a: /^a: leads to the service other\.tallyman$/ },
  ],
  ['an entry leads to a URL', local, [trustingEntry('a', '', { elsewhere: { by: 'url', problem } })], {}],
]
for (const [what, served, entries, refused] of cases)
  t.test(what, async (t) => {
    const found = refusals(served.serving, entries, { host, now: NOW, name: 'tls.crt' })
    t.strictSame(
      found.map(({ entry }) => entry.name),
      Object.keys(refused),
    )
    for (const { entry, problem } of found) t.match(problem, refused[entry.name])
  })
