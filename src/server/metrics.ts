import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Verdict } from '../admission/admit.ts'
import { outcomeOf } from '../admission/answer.ts'
import { plainText } from '../admission/plain-text.ts'
import type { AdmissionRequest, AdmissionReviewResponse } from '../admission/review.ts'
import type { CertificatePair } from '../certificates/pair.ts'
import type { CertificateSource } from '../certificates/source.ts'
import type { ChangeEntry } from './change-entry.ts'
import { memoryGauges } from './memory-gauges.ts'
import { policyGauges } from './policy-gauges.ts'
import type { PolicySource } from './policy-source.ts'
import type { RefusalReason } from './refusal.ts'

/** Service accounts that get a time series of their own; a cluster has fewer controllers, and the rest count as `other`. */
export const MAX_SERVICE_ACCOUNTS = 100

/** A namespace and a name, and what is around them. */
const MAX_USER = 400

const SERVICE_ACCOUNT = 'system:serviceaccount:'
const OTHER = 'other'
const OPERATIONS: ReadonlySet<string> = new Set(['CREATE', 'UPDATE', 'DELETE', 'CONNECT'])

/** From half a millisecond, where nearly all answers are, to the 5 s after which the API server has given up. */
const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5]

/** Policies that get a time series each; whoever has more looks at their statuses. */
export const MAX_POLICIES = 100

/** Exemptions that get a time series of their own; a policy has 500 at most, and the rest count as `other`. */
export const MAX_EXEMPTIONS = 500

/** What is read at each scrape. */
export interface MetricSources {
  bytesInFlight(): number
  connections(): number
  /** Whether /readyz says so. */
  ready(): boolean
  /** Since the start. */
  droppedLogLines(): number
  now(): Date
  readonly policies: Pick<PolicySource, 'inForce' | 'refused' | 'followed' | 'namespaceStages' | 'registered'>
  readonly certificates: Pick<CertificateSource, 'fault'>
}

/**
 * What tallyman counts. No label carries a namespace or other text that users choose freely, so the number of time series is
 * bounded: by the kinds table, by constants, by MAX_SERVICE_ACCOUNTS, MAX_EXEMPTIONS and MAX_EXEMPTION_ENDS.
 */
export class Metrics {
  readonly registry = new Registry()
  readonly #accounts = new Set<string>()
  /** As many as there are series, which the kinds table bounds. */
  readonly #requestSeries = new Map<string, Counter.Internal>()
  readonly #latency: Histogram
  readonly #requests: Counter<'operation' | 'kind' | 'outcome'>
  readonly #findings: Counter<'rule' | 'mode'>
  readonly #unjudged: Counter<'reason'>
  readonly #errors: Counter<'reason'>
  readonly #serviceAccounts: Counter<'user'>
  readonly #exemptions = new Set<string>()
  readonly #exemptionUses: Counter<'policy' | 'exemption'>
  readonly #changes: Counter<'entry' | 'outcome'>
  readonly #events: Counter<'outcome'>
  readonly #policyLoaded: Gauge
  readonly #kindsNotSent: Gauge
  readonly #certificateEnd: Gauge<'source'>

  /** @param sources read at each scrape */
  constructor(sources: MetricSources) {
    const { bytesInFlight, connections, ready, droppedLogLines } = sources
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    this.#requests = new Counter({
      name: 'tallyman_verdicts_total',
      help: 'Verdicts by operation, kind (GROUP/KIND of the kinds table, else other) and outcome (allowed, warned, denied).',
      labelNames: ['operation', 'kind', 'outcome'],
      registers,
    })
    this.#latency = new Histogram({
      name: 'tallyman_verdict_duration_seconds',
      help: 'Time from the arrival of a request to its verdict, its body included.',
      buckets: LATENCY_BUCKETS,
      registers,
    })
    this.#findings = new Counter({
      name: 'tallyman_findings_total',
      help: 'Findings by rule and by the mode that held (audit, warn, enforce).',
      labelNames: ['rule', 'mode'],
      registers,
    })
    this.#unjudged = new Counter({
      name: 'tallyman_unjudged_total',
      help: 'Requests that were let through without being judged, by reason: kind, nobody has said where its images are (the log names it); operation, it brings nothing new.',
      labelNames: ['reason'],
      registers,
    })
    this.#errors = new Counter({
      name: 'tallyman_errors_total',
      help: 'Requests and connections without a verdict, by reason; fault is one of our own.',
      labelNames: ['reason'],
      registers,
    })
    // Prometheus sees no increase where a series begins, and the first fault is one too many.
    this.#errors.inc({ reason: 'fault' }, 0)
    this.#serviceAccounts = new Counter({
      name: 'tallyman_service_account_denials_total',
      help: `Denials of service accounts by user: a controller here may belong into trustedControllers. The first ${MAX_SERVICE_ACCOUNTS} users, then other.`,
      labelNames: ['user'],
      registers,
    })
    this.#exemptionUses = new Counter({
      name: 'tallyman_exemption_uses_total',
      help: `Verdicts in which an exemption silenced a finding, by the names of the policy and of the exemption. The first ${MAX_EXEMPTIONS}, then other.`,
      labelNames: ['policy', 'exemption'],
      registers,
    })
    this.#changes = new Counter({
      name: 'tallyman_changes_total',
      help: 'Answers about changes of TagPolicies and of the labels of namespaces, by entry (policies, namespaces) and outcome (allowed, warned, denied).',
      labelNames: ['entry', 'outcome'],
      registers,
    })
    this.#events = new Counter({
      name: 'tallyman_events_total',
      help: 'Events on the owners of objects (serve --events), by outcome: written, the count of one too; dropped, too many waited; failed, the API server took it not (the log says why).',
      labelNames: ['outcome'],
      registers,
    })
    new Counter({
      name: 'tallyman_log_lines_dropped_total',
      help: 'Lines of the log that were dropped, because standard output took none and enough waited.',
      registers,
      collect() {
        this.reset()
        this.inc(droppedLogLines())
      },
    })
    const { policies, certificates } = sources
    policyGauges(this.registry, policies, sources.now)
    memoryGauges(this.registry)
    new Gauge({
      name: 'tallyman_ready',
      help: '1 where /readyz answers that the API server may call, else 0.',
      registers,
      collect() {
        this.set(ready() ? 1 : 0)
      },
    })
    new Gauge({
      name: 'tallyman_policy_info',
      help: `The policies in force: their names, and the first 12 digits of the SHA-256 of what each was read from. The first ${MAX_POLICIES}.`,
      labelNames: ['policy', 'hash'],
      registers,
      collect() {
        this.reset()
        for (const { policy, version } of policies.inForce().slice(0, MAX_POLICIES))
          this.set({ policy: policy.name, hash: version.hash.slice(0, 12) }, 1)
      },
    })
    new Gauge({
      name: 'tallyman_policies_refused',
      help: 'Policies that were refused as they stand now, so that the last good one of each stays in force.',
      registers,
      collect() {
        this.set(policies.refused)
      },
    })
    new Gauge({
      name: 'tallyman_policy_last_reload_successful',
      help: '1 where every policy is in force as it stands now, 0 where one was refused and the last good one stays.',
      registers,
      collect() {
        this.set(policies.refused === 0 ? 1 : 0)
      },
    })
    new Gauge({
      name: 'tallyman_cluster_synced',
      help: '1 where a resource of the API server has been read and is followed; no series where nothing is.',
      labelNames: ['resource'],
      registers,
      collect() {
        for (const { resource, synced, lostSince } of policies.followed ?? [])
          this.set({ resource }, synced && lostSince === undefined ? 1 : 0)
      },
    })
    new Gauge({
      name: 'tallyman_cluster_lost_seconds',
      help: 'For how long a resource of the API server could not be followed, so that what was known last holds; 0 while it is.',
      labelNames: ['resource'],
      registers,
      collect() {
        for (const { resource, lostSince } of policies.followed ?? [])
          this.set({ resource }, lostSince === undefined ? 0 : (Date.now() - lostSince.getTime()) / 1000)
      },
    })
    this.#kindsNotSent = new Gauge({
      name: 'tallyman_kinds_not_sent',
      help: 'Kinds that the policies know and the webhook configuration does not send, so that they pass unjudged; the log and the status of the TagPolicy default name them.',
      registers,
    })
    this.#policyLoaded = new Gauge({
      name: 'tallyman_policy_loaded_timestamp_seconds',
      help: 'When a policy was taken up last.',
      registers,
    })
    this.#certificateEnd = new Gauge({
      name: 'tallyman_certificate_not_after_timestamp_seconds',
      help: 'When the serving certificate expires, by where it comes from: file, of somebody else; managed, made and renewed by tallyman.',
      labelNames: ['source'],
      registers,
    })
    new Gauge({
      name: 'tallyman_certificate_last_reload_successful',
      help: '1 where the newest certificate is served and the webhook configuration trusts it; 0 where it was refused, could not be made or is not trusted everywhere, and the last good one stays (/readyz and the log say why).',
      registers,
      collect() {
        this.set(certificates.fault === undefined ? 1 : 0)
      },
    })
    new Gauge({
      name: 'tallyman_body_bytes_in_flight',
      help: 'Bytes of request bodies in memory.',
      registers,
      collect() {
        this.set(bytesInFlight())
      },
    })
    new Gauge({
      name: 'tallyman_connections_open',
      help: 'Open connections to the webhook.',
      registers,
      collect() {
        this.set(connections())
      },
    })
  }

  judged({ operation, kind, userInfo }: AdmissionRequest, verdict: Verdict, seconds: number): void {
    const { judgement, outcome, unjudged } = verdict
    this.#latency.observe(seconds)
    // Judged means that the kinds table has it, so its name is no free text.
    const judgedKind = judgement === undefined ? OTHER : `${kind.group}/${kind.kind}`
    this.#countRequest(OPERATIONS.has(operation) ? operation : OTHER, judgedKind, outcome)
    if (unjudged !== undefined) this.#unjudged.inc({ reason: unjudged })
    for (const { rule, mode } of judgement?.findings ?? []) this.#findings.inc({ rule, mode })
    for (const { name } of judgement?.exemptions ?? []) this.#countExemption(verdict.policy, name)
    if (outcome === 'denied' && userInfo.username.startsWith(SERVICE_ACCOUNT)) {
      this.#serviceAccounts.inc({ user: this.#boundedAccount(userInfo.username) })
    }
  }

  changed(entry: ChangeEntry, review: AdmissionReviewResponse): void {
    this.#changes.inc({ entry, outcome: outcomeOf(review) })
  }

  event(outcome: 'written' | 'dropped' | 'failed'): void {
    this.#events.inc({ outcome })
  }

  failed(reason: RefusalReason | 'handshake' | 'connection_limit'): void {
    this.#errors.inc({ reason })
  }

  policyLoaded(at: Date): void {
    this.#policyLoaded.set(at.getTime() / 1000)
  }

  kindsNotSent(count: number): void {
    this.#kindsNotSent.set(count)
  }

  certificateLoaded({ notAfter }: CertificatePair, source: CertificateSource['kind']): void {
    this.#certificateEnd.set({ source }, notAfter.getTime() / 1000)
  }

  /** Counts by the series itself: finding it by its labels takes longer than all the rest, and this is every request. */
  #countRequest(operation: string, kind: string, outcome: string): void {
    const key = `${operation} ${kind} ${outcome}`
    let series = this.#requestSeries.get(key)
    if (series === undefined) {
      series = this.#requests.labels({ operation, kind, outcome })
      this.#requestSeries.set(key, series)
    }
    series.inc()
  }

  #countExemption(policy: string, exemption: string): void {
    const key = `${policy} ${exemption}`
    const known = this.#exemptions.has(key) || this.#exemptions.size < MAX_EXEMPTIONS
    if (known) this.#exemptions.add(key)
    this.#exemptionUses.inc(known ? { policy, exemption } : { policy: OTHER, exemption: OTHER })
  }

  #boundedAccount(user: string): string {
    if (!this.#accounts.has(user)) {
      if (this.#accounts.size >= MAX_SERVICE_ACCOUNTS) return OTHER
      this.#accounts.add(user)
    }
    return plainText(user, MAX_USER)
  }
}
