import type { Test } from 'tap'
import { readAuthorities } from '../../src/certificates/authorities.ts'
import { readStored, type StoredCertificates } from '../../src/certificates/stored.ts'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'
import type { InstallOptions } from './installation.ts'
import { PodCreates } from './pod-creates.ts'
import { ENFORCE } from './policy.ts'
import { signal } from './programs.ts'
import type { Replica } from './replica.ts'
import { type SetUp, setUp } from './set-up.ts'

/** Where tallyman keeps its certificate. */
export const SECRET = `${apiPath('v1', 'secrets', 'tallyman')}/tallyman-certificate`
/** Where the API server is told whom to trust. */
export const CONFIGURATION = `${apiPath('admissionregistration.k8s.io/v1', 'validatingwebhookconfigurations')}/tallyman`
/** Pods that are created meanwhile. */
export const PER_SECOND = 50
/** Seconds do; this leaves room for a busy machine. */
export const WITHIN_MS = 60_000

const decoded = (text = '') => Buffer.from(text, 'base64').toString()

/** A cluster whose certificate is tallyman's own affair. */
export interface Cluster extends SetUp {
  readonly creates: PodCreates
}

/** Three replicas of the overlay `managed`, and Pods that break a rule all the while. */
export async function withManaged(
  t: Test,
  options: Pick<InstallOptions, 'main' | 'env' | 'chart'> = {},
): Promise<Cluster> {
  const set = await setUp(t, { policy: ENFORCE, overlay: 'managed', replicas: 3, ...options })
  const creates = new PodCreates({
    client: set.controlPlane.admin,
    namespaces: ['team-a'],
    perSecond: PER_SECOND,
  })
  t.teardown(() => creates.stop())
  await creates.more(PER_SECOND)
  return { ...set, creates }
}

/** What the Secret holds; undefined where that is nothing to serve. */
export async function kept({ controlPlane }: SetUp): Promise<StoredCertificates | undefined> {
  const { status, body } = await controlPlane.admin.get(SECRET)
  if (status === 404) return undefined
  const { data = {} } = body as { data?: Record<string, string> }
  try {
    return readStored(
      Object.fromEntries(Object.entries(data).map(([key, value]) => [key, decoded(value)])),
      SECRET,
    )
  } catch {
    return undefined
  }
}

/** Whom the API server trusts, by entry: PEM. */
export async function bundles({ controlPlane }: SetUp): Promise<string[]> {
  const { status, body } = await controlPlane.admin.get(CONFIGURATION)
  if (status === 404) return []
  const { webhooks } = body as { webhooks: { clientConfig: { caBundle?: string } }[] }
  return webhooks.map(({ clientConfig }) => decoded(clientConfig.caBundle))
}

const fingerprints = (bundle: string) =>
  bundle.includes('BEGIN CERTIFICATE')
    ? readAuthorities(bundle, 'it').map(({ fingerprint }) => fingerprint)
    : []

/** What the replicas serve now, by their logs. */
export const served = ({ log }: Replica) =>
  log.lines.findLast(({ msg }) => msg === 'serving certificate')?.fingerprint

/** Waits until all replicas serve what is kept, every entry trusts it, and all are ready. */
export async function inOrder(set: SetUp): Promise<StoredCertificates> {
  return await until('the certificate to be in order', WITHIN_MS, signal, async () => {
    const stored = await kept(set)
    if (stored === undefined) return undefined
    const trusted = await bundles(set)
    const probes = await Promise.all(set.tallyman.replicas.map((replica) => replica.probe('readyz')))
    const good =
      trusted.length === 3 &&
      trusted.every((bundle) => fingerprints(bundle).includes(stored.issuer.fingerprint)) &&
      set.tallyman.replicas.every((replica) => served(replica) === stored.serving.fingerprint) &&
      probes.every(({ status }) => status === 200)
    return good ? stored : undefined
  })
}
