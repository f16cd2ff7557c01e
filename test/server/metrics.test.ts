import t from 'tap'
import type { Verdict } from '../../src/admission/admit.ts'
import { allow } from '../../src/admission/answer.ts'
import type { Judgement } from '../../src/judge.ts'
import type { Exemption } from '../../src/policy/policy.ts'
import {
  MAX_EXEMPTIONS,
  MAX_POLICIES,
  MAX_SERVICE_ACCOUNTS,
  type MetricSources,
  Metrics,
} from '../../src/server/metrics.ts'
import { enforcing, pair } from './listening.ts'
import { metricSources } from './metric-sources.ts'
import { judged } from './verdicts.ts'

function counting(others: Partial<MetricSources> = {}) {
  return new Metrics(
    metricSources({ bytesInFlight: () => 7, connections: () => 2, droppedLogLines: () => 3, ...others }),
  )
}

const judgementOf = ({ judgement }: Verdict) => judgement as Judgement

/** The lines of tallyman's own metrics. */
async function lines(metrics: Metrics): Promise<string[]> {
  return (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('tallyman_'))
}

t.test('verdicts and findings', async (t) => {
  const metrics = counting()
  for (const image of ['registry.example.com/app:1.2.3', 'app:latest', 'app:latest']) {
    const { request, verdict } = await judged(image)
    metrics.judged(request, verdict, 0.002)
  }
  const found = await lines(metrics)
  for (const line of [
    'tallyman_verdicts_total{operation="CREATE",kind="/Pod",outcome="allowed"} 1',
    'tallyman_verdicts_total{operation="CREATE",kind="/Pod",outcome="denied"} 2',
    'tallyman_findings_total{rule="latestTag",mode="enforce"} 2',
    'tallyman_verdict_duration_seconds_count 3',
    'tallyman_verdict_duration_seconds_bucket{le="0.001"} 0',
    'tallyman_verdict_duration_seconds_bucket{le="0.0025"} 3',
    'tallyman_body_bytes_in_flight 7',
    'tallyman_connections_open 2',
    'tallyman_log_lines_dropped_total 3',
    'tallyman_ready 1',
    'tallyman_errors_total{reason="fault"} 0',
  ]) {
    t.ok(found.includes(line), line)
  }
})

t.test('what users choose freely is no label', async (t) => {
  const metrics = counting()
  for (let i = 0; i < 500; i++) {
    const { request, verdict } = await judged('app:latest', {
      kind: { group: `group-${i}`, version: 'v1', kind: `Kind${i}` },
      namespace: `namespace-${i}`,
      userInfo: { username: `user-${i}`, groups: [] },
    })
    metrics.judged(request, verdict, 0.001)
  }
  const found = await lines(metrics)
  t.ok(found.includes('tallyman_verdicts_total{operation="CREATE",kind="other",outcome="allowed"} 500'))
  t.ok(found.length < 60, `${found.length} lines`)
})

t.test('uses of exemptions are counted by name, up to a number', async (t) => {
  const metrics = counting()
  const { request, verdict } = await judged('app:latest')
  const use = (...names: string[]) => {
    const exemptions = names.map((name) => ({ name }) as Exemption)
    metrics.judged(request, { ...verdict, judgement: { ...judgementOf(verdict), exemptions } }, 0.001)
  }
  use('vendor-agent')
  use('vendor-agent', 'legacy')
  for (let i = 0; i < MAX_EXEMPTIONS; i++) use(`made-up-${i}`)
  const found = (await lines(metrics)).filter((line) => line.startsWith('tallyman_exemption_uses_total'))
  t.equal(found.length, MAX_EXEMPTIONS + 1)
  for (const line of [
    'tallyman_exemption_uses_total{policy="default",exemption="vendor-agent"} 2',
    'tallyman_exemption_uses_total{policy="default",exemption="legacy"} 1',
    'tallyman_exemption_uses_total{policy="other",exemption="other"} 2',
  ])
    t.ok(found.includes(line), line)
})

t.test('service accounts are counted by name, up to a number', async (t) => {
  const metrics = counting()
  for (let i = 0; i < MAX_SERVICE_ACCOUNTS + 20; i++) {
    const username = `system:serviceaccount:team-a:robot-${i}`
    const { request, verdict } = await judged('app:latest', { userInfo: { username, groups: [] } })
    for (const seconds of [0.001, 0.002]) metrics.judged(request, verdict, seconds)
  }
  const person = await judged('app:latest')
  metrics.judged(person.request, person.verdict, 0.001)
  const found = (await lines(metrics)).filter((line) =>
    line.startsWith('tallyman_service_account_denials_total'),
  )
  t.equal(found.length, MAX_SERVICE_ACCOUNTS + 1)
  t.ok(
    found.includes('tallyman_service_account_denials_total{user="system:serviceaccount:team-a:robot-0"} 2'),
  )
  t.ok(found.includes('tallyman_service_account_denials_total{user="other"} 40'))
})

t.test('the state of the certificate', async (t) => {
  const certificates: { fault: string | undefined } = { fault: undefined }
  const metrics = counting({ certificates })
  metrics.certificateLoaded(pair, 'file')
  metrics.failed('fault')
  const found = await lines(metrics)
  for (const line of [
    `tallyman_certificate_not_after_timestamp_seconds{source="file"} ${pair.notAfter.getTime() / 1000}`,
    'tallyman_certificate_last_reload_successful 1',
    'tallyman_errors_total{reason="fault"} 1',
  ]) {
    t.ok(found.includes(line), line)
  }
  certificates.fault = 'cannot be renewed'
  t.ok((await lines(metrics)).includes('tallyman_certificate_last_reload_successful 0'))
  metrics.certificateLoaded(pair, 'file')
  t.ok(
    (await lines(metrics)).includes('tallyman_certificate_last_reload_successful 0'),
    'also where another is served',
  )
})

t.test('the state of the policies, as it is at each scrape', async (t) => {
  const inForce = (hash: string) => [{ policy: enforcing, version: { hash: hash.repeat(64) } }]
  const state = {
    inForce: () => inForce('a'),
    refused: 0,
    followed: [
      { resource: 'tagpolicies', synced: true, lostSince: undefined as Date | undefined },
      { resource: 'namespaces', synced: false, lostSince: undefined },
    ],
  }
  const metrics = counting({ policies: state })
  metrics.policyLoaded(new Date(5000))
  metrics.kindsNotSent(3)
  let found = await lines(metrics)
  for (const line of [
    'tallyman_policy_info{policy="default",hash="aaaaaaaaaaaa"} 1',
    'tallyman_policies_refused 0',
    'tallyman_policy_last_reload_successful 1',
    'tallyman_policy_loaded_timestamp_seconds 5',
    'tallyman_kinds_not_sent 3',
    'tallyman_cluster_synced{resource="tagpolicies"} 1',
    'tallyman_cluster_synced{resource="namespaces"} 0',
    'tallyman_cluster_lost_seconds{resource="tagpolicies"} 0',
  ]) {
    t.ok(found.includes(line), line)
  }

  state.inForce = () => inForce('b')
  state.refused = 2
  state.followed[0] = { resource: 'tagpolicies', synced: true, lostSince: new Date(Date.now() - 60_000) }
  found = await lines(metrics)
  for (const line of [
    'tallyman_policy_info{policy="default",hash="bbbbbbbbbbbb"} 1',
    'tallyman_policies_refused 2',
    'tallyman_policy_last_reload_successful 0',
    'tallyman_cluster_synced{resource="tagpolicies"} 0',
  ]) {
    t.ok(found.includes(line), line)
  }
  t.equal(found.filter((line) => line.startsWith('tallyman_policy_info')).length, 1, 'only those in force')
  const lost = found.find((line) => line.startsWith('tallyman_cluster_lost_seconds{resource="tagpolicies"}'))
  t.ok(Number((lost ?? '').split(' ')[1]) >= 60, lost ?? 'no series')

  state.inForce = () =>
    Array.from({ length: 300 }, (_, index) => ({
      policy: { ...enforcing, name: `p${index}` },
      version: { hash: 'c' },
    }))
  const many = (await lines(metrics)).filter((line) => line.startsWith('tallyman_policy_info'))
  t.equal(many.length, MAX_POLICIES, 'however many there are')
})

t.test('changes of what holds are counted by what they are about', async (t) => {
  const metrics = counting()
  metrics.changed('policies', allow('a'))
  metrics.changed('policies', allow('a'))
  metrics.changed('namespaces', allow('a', { warnings: ['b'] }))
  const found = await lines(metrics)
  t.ok(found.includes('tallyman_changes_total{entry="policies",outcome="allowed"} 2'))
  t.ok(found.includes('tallyman_changes_total{entry="namespaces",outcome="warned"} 1'))
  t.equal(found.filter((line) => line.startsWith('tallyman_verdicts')).length, 0)
})

t.test('the process itself', async (t) => {
  t.match(await counting().registry.metrics(), /^process_resident_memory_bytes \d+/m)
})
