import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { ClusterView } from '../admission/cluster-view.ts'
import { type CertificatePair, unusable } from '../certificates/pair.ts'
import type { CertificateSource } from '../certificates/source.ts'
import type { EventWriter } from '../cluster/event-writer.ts'
import { DRAIN, type DrainLimits, drained } from './drain.ts'
import { eventListener } from './event-listener.ts'
import { Metrics } from './metrics.ts'
import { observer } from './observer.ts'
import { policyListener } from './policy-listener.ts'
import type { PolicySource } from './policy-source.ts'
import { ProbeListener } from './probe-listener.ts'
import { type Check, readiness } from './readiness.ts'
import { type TlsVersion, WebhookListener } from './webhook-listener.ts'

export interface ServeOptions {
  readonly policies: PolicySource
  /** Where changes of policies and namespaces can be spoken about. */
  readonly cluster?: ClusterView
  readonly certificates: CertificateSource
  /** Writes what verdicts say on the owners of objects; absent: nothing is said there. */
  readonly events?: Pick<EventWriter, 'note' | 'run'>
  /** TLS 1.3 unless told otherwise: every API server since Kubernetes 1.19 speaks it. */
  readonly webhook: ListenAddress & { readonly minVersion?: TlsVersion }
  readonly probe: ListenAddress
  readonly log: Logger
  /** Lines that the log had no room for; absent: it always has. */
  readonly droppedLogLines?: () => number
  /** Begins the drain; `closed` resolves at its end. */
  readonly signal: AbortSignal
  readonly drain?: DrainLimits
  readonly now?: () => Date
}

export interface ListenAddress {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
}

/** A webhook that answers. */
export interface Serving {
  readonly webhook: AddressInfo
  readonly probe: AddressInfo
  /** Resolves when the drain has ended and every listener is closed. */
  readonly closed: Promise<void>
}

/** Starts everything that answers, and returns when it can judge, or when the signal aborts before. @throws where an address cannot be listened on */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { policies, cluster, certificates, events, log, signal, now = () => new Date() } = options
  const checks: readonly Check[] = [
    { name: 'certificate', problem: () => certificates.problem(), fault: () => certificates.fault },
    // A policy in a file that cannot be read ends the start; the policies of a cluster may take their time.
    { name: 'policy', problem: () => policies.problem?.() },
    { name: 'serving', problem: () => (signal.aborted ? 'tallyman is stopping' : undefined) },
  ]
  const metrics = new Metrics({
    bytesInFlight: () => webhook.budget.bytes,
    connections: () => webhook.connections.count,
    ready: () => readiness(checks).ready,
    droppedLogLines: options.droppedLogLines ?? (() => 0),
    now,
    policies,
    certificates,
  })
  const webhook: WebhookListener = new WebhookListener({
    policies,
    ...(cluster && { cluster }),
    minVersion: options.webhook.minVersion ?? 'TLSv1.3',
    observer: observer(log, metrics, events),
    now,
  })
  const probe = new ProbeListener({ registry: metrics.registry, checks })
  const watching = new AbortController()
  const close = async (): Promise<void> => {
    watching.abort()
    await Promise.all([webhook.close(), probe.close(), ...watches])
  }
  const watches = [
    // Not while it drains: a tallyman that is going away must not undo what was done for its successors, for example that they
    // take their certificate from somewhere else.
    watchCertificates(certificates, webhook, metrics, log, AbortSignal.any([signal, watching.signal])),
    watchPolicies(policies, metrics, log, now, watching.signal),
    events?.run(eventListener(log, metrics, now), watching.signal),
  ]
  try {
    // First: the probes say what the rest waits for.
    const probeAddress = await probe.listen(options.probe.host, options.probe.port)
    await certificates.ready(signal)
    const webhookAddress = await webhook.listen(options.webhook.host, options.webhook.port)
    await policies.ready?.(signal)
    return { webhook: webhookAddress, probe: probeAddress, closed: drainAndClose(options, webhook, close) }
  } catch (error) {
    await close()
    throw error
  }
}

/** Waits for the signal, then goes on answering until nobody asks any more. */
async function drainAndClose(
  { signal, log, drain = DRAIN }: ServeOptions,
  webhook: WebhookListener,
  close: () => Promise<void>,
): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
  webhook.beginDrain()
  log.info({ connections: webhook.connections.count, ...drain }, 'draining')
  await drained(webhook.connections, drain)
  const connections = webhook.connections.count
  if (connections > 0) log.warn({ connections }, 'closing connections that are still open')
  await close()
  log.info('stopped')
}

/** Serves each new certificate. Never rejects: whatever fails here, the last good one is served. */
async function watchCertificates(
  certificates: CertificateSource,
  webhook: WebhookListener,
  metrics: Metrics,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const inUse = (pair: CertificatePair): void => {
    const fields = { notAfter: pair.notAfter, fingerprint: pair.fingerprint }
    metrics.certificateLoaded(pair, certificates.kind)
    const problem = unusable(pair, certificates.now())
    if (problem === undefined) log.info(fields, 'serving certificate')
    else log.error({ ...fields, problem }, 'serving a certificate that API servers refuse')
  }
  const faulty = (error: Error): void =>
    log.error({ error }, 'certificate not in order, what is served stays')
  const mended = (): void => log.info('certificate in order again')
  const changed = (pair: CertificatePair): void => {
    webhook.useCertificate(pair)
    inUse(pair)
  }
  if (certificates.current !== undefined) changed(certificates.current)
  try {
    await certificates.watch({ changed, faulty, mended }, signal)
  } catch (error) {
    faulty(error as Error)
  }
}

/** Follows the policies. Never rejects: whatever fails here, the last good ones stay in force. */
async function watchPolicies(
  policies: PolicySource,
  metrics: Metrics,
  log: Logger,
  now: () => Date,
  signal: AbortSignal,
): Promise<void> {
  const listener = policyListener(log, metrics, now)
  // Those of a cluster are told of when they have been read.
  if (policies.ready === undefined)
    for (const { policy, version } of policies.inForce()) listener.loaded(policy, version)
  try {
    await policies.watch(listener, signal)
  } catch (error) {
    listener.refused(error as Error)
  }
}
