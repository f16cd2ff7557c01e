import type { Policies } from '../admission/policies.ts'
import type { ClusterListener, Followed } from '../cluster/cluster-listener.ts'
import type { Registered } from '../cluster/registration.ts'
import type { Stage } from '../policy/namespace-stages.ts'
import type { Policy } from '../policy/policy.ts'
import type { PolicyInForce } from '../policy/policy-listener.ts'

/** Where policies come from, as the server sees it: a cluster, a file, or the built-in one. */
export interface PolicySource extends Policies {
  /** All that hold anywhere. */
  inForce(): readonly PolicyInForce[]
  /** How many are refused as they stand now, so that an older one holds. */
  readonly refused: number
  /** Why it cannot say yet what holds; a source without this always can. */
  problem?(): string | undefined
  /** Resolves when it can, or when the signal aborts. */
  ready?(signal: AbortSignal): Promise<void>
  /** What it follows of an API server. */
  readonly followed?: readonly Followed[]
  /** How many of the namespaces that it knows are at each stage; undefined while it knows none. */
  namespaceStages?(): Promise<ReadonlyMap<Stage, number> | undefined>
  /** What the webhook configuration of its cluster sends. */
  registered?(): Registered
  /** Follows changes until the signal aborts. A source that has told of nothing in force tells of all that comes into it. */
  watch(listener: ClusterListener, signal: AbortSignal): Promise<void>
}

/** A policy that never changes, such as the built-in one. */
export function fixedPolicy(policy: Policy): PolicySource {
  const labels = Object.freeze({})
  const inForce = [{ policy, version: { hash: 'built-in' } }]
  return {
    inForce: () => inForce,
    refused: 0,
    for: (name) => ({ policy, namespace: { name, labels } }),
    watch: async () => {},
  }
}
