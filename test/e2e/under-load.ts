import type { Test } from 'tap'
import { bothFailurePolicies, CLOSED, OPEN } from './failure-policies.ts'
import type { InstallOptions } from './installation.ts'
import { PodCreates, type PodCreatesOptions } from './pod-creates.ts'
import { ENFORCE } from './policy.ts'
import { type SetUp, setUp } from './set-up.ts'

export interface UnderLoadOptions
  extends Pick<InstallOptions, 'policy' | 'components' | 'replicas'>,
    Pick<PodCreatesOptions, 'store' | 'burst'> {
  readonly perSecond: number
  readonly timeoutSeconds?: number
}

/** The longest that the API server allows: a machine that is busy with other tests is not to be taken for a fault. */
const PATIENT_SECONDS = 30

/** Who creates the Pods, an admin: the API server would make others wait for their turn. */
export const LOAD_USER = 'load'

/**
 * Boots a cluster with tallyman in it, registered with failurePolicy Ignore and with Fail (failure-policies.ts), and creates
 * Pods in both namespaces in turn, for the time of a test. The first of them are answered when this resolves.
 */
export async function underLoad(
  t: Test,
  {
    perSecond,
    burst,
    store,
    timeoutSeconds = PATIENT_SECONDS,
    policy = ENFORCE,
    ...options
  }: UnderLoadOptions,
): Promise<SetUp & { readonly creates: PodCreates }> {
  const set = await setUp(t, { policy, ...options })
  await bothFailurePolicies(set.controlPlane, { timeoutSeconds })
  const { client } = await set.controlPlane.addUser({
    name: LOAD_USER,
    groups: ['system:masters'],
    about: 'creates Pods at a fixed rate',
  })
  const creates = new PodCreates({
    client,
    namespaces: [OPEN, CLOSED],
    perSecond,
    burst,
    store,
  })
  // Before the control plane goes: what is unanswered then would fail.
  t.teardown(() => creates.stop())
  await creates.more(perSecond)
  return { ...set, creates }
}
