import t from 'tap'
import { admitPolicy } from '../../src/admission/admit-policy.ts'
import type { OwnerEvent } from '../../src/admission/owner-event.ts'
import { readReview } from '../../src/admission/review.ts'
import { createLogger } from '../../src/server/logging.ts'
import { Metrics } from '../../src/server/metrics.ts'
import { observer } from '../../src/server/observer.ts'
import { view } from '../admission/views.ts'
import { policyReview } from './listening.ts'
import { metricSources } from './metric-sources.ts'
import { judged } from './verdicts.ts'

function observing(events?: Parameters<typeof observer>[2]) {
  const lines: string[] = []
  const metrics = new Metrics(metricSources())
  const log = createLogger('info', { write: (line: string) => void lines.push(line) })
  return { lines, metrics, observer: observer(log, metrics, events) }
}

t.test('a denial is counted and logged', async (t) => {
  const { lines, metrics, observer } = observing()
  const { request, verdict } = await judged('app:latest')
  observer.judged(request, verdict, 0.001)
  t.match(lines, [/"msg":"denied"/])
  t.match(await metrics.registry.metrics(), /tallyman_verdicts_total\{[^}]*outcome="denied"\} 1/)
})

t.test('what passes unjudged is counted, and its kind logged once', async (t) => {
  const { lines, metrics, observer } = observing()
  const unknown = await judged('app:latest', { kind: { group: 'example.com', version: 'v1', kind: 'Thing' } })
  const deletion = await judged('app:latest', { operation: 'DELETE' })
  for (const { request, verdict } of [unknown, unknown, deletion]) observer.judged(request, verdict, 0.001)
  t.match(lines, [/"kind":"Thing".*unjudged/])
  t.equal(lines.length, 1)
  const text = await metrics.registry.metrics()
  t.match(text, /^tallyman_unjudged_total\{reason="kind"\} 2$/m)
  t.match(text, /^tallyman_unjudged_total\{reason="operation"\} 1$/m)
})

const OPERATOR = { username: 'system:serviceaccount:team-a:operator', groups: ['system:serviceaccounts'] }
const OWNER = { apiVersion: 'example.com/v1', kind: 'Engine', name: 'a', uid: 'u1', controller: true }
const OWNED = {
  metadata: { name: 'resnet', ownerReferences: [OWNER] },
  spec: { containers: [{ name: 'trainer', image: 'app:latest' }] },
}

t.test(
  'what is said on the owner of an object goes to the events, and is counted where they have no room',
  async (t) => {
    const noted: OwnerEvent[] = []
    const { metrics, observer } = observing({ note: (event) => noted.push(event) < 2 })
    const { request, verdict } = await judged('app:latest', { userInfo: OPERATOR, object: OWNED })
    for (const _ of [1, 2]) observer.judged(request, verdict, 0.001)
    const person = await judged('app:latest')
    observer.judged(person.request, person.verdict, 0.001)
    t.match(noted, [{ reason: 'ImageTagDenied' }, { owner: { uid: 'u1' } }])
    t.equal(noted.length, 2, 'a person is answered, and nothing else is said')
    t.match(await metrics.registry.metrics(), /^tallyman_events_total\{outcome="dropped"\} 1$/m)
  },
)

t.test('a change that is denied is counted and logged', async (t) => {
  const { lines, metrics, observer } = observing()
  const request = readReview(policyReview({ mode: 'x' }))
  observer.changed('policies', request, await admitPolicy(request, view(), new Date('2026-11-23T12:00:00Z')))
  t.match(lines, [/"msg":"change denied"/])
  t.match(
    await metrics.registry.metrics(),
    /^tallyman_changes_total\{entry="policies",outcome="denied"\} 1$/m,
  )
})

t.test('what clients do wrong is counted, and not logged', async (t) => {
  const { lines, metrics, observer } = observing()
  observer.refused('bad_json')
  observer.handshakeFailed(new Error('no shared cipher'))
  observer.connectionDropped()
  t.strictSame(lines, [])
  const text = await metrics.registry.metrics()
  for (const reason of ['bad_json', 'handshake', 'connection_limit']) {
    t.ok(text.includes(`tallyman_errors_total{reason="${reason}"} 1`), reason)
  }
})

t.test('our own fault is logged with the uid', async (t) => {
  const { lines, observer } = observing()
  observer.failed(new Error('out of order'), 'abc')
  t.match(JSON.parse(lines[0] ?? ''), { level: 'error', uid: 'abc', error: { message: 'out of order' } })
})
