import type { PolicyListener } from '../policy/policy-listener.ts'
import type { WorkloadKind } from '../workload/kinds.ts'

/** Told of what happens to the policies of a cluster, and between tallyman and its API server. */
export interface ClusterListener extends PolicyListener {
  /** A policy is in force no more: it was deleted. */
  gone(name: string): void
  /** What the API server said last stays in force; it cannot be followed for now. */
  lost(resource: string, error: Error): void
  /** It is followed again. */
  recovered(resource: string): void
  /** Whether the API server has the entry that sends it workloads. Told when it has not, and when it has it again. */
  installed(is: boolean): void
  /** The API server does not send these kinds, so they pass unjudged. Told when they change; none: it sends every kind. */
  unsent(kinds: readonly WorkloadKind[]): void
  /** A status could not be written; once for each new reason. */
  statusFailed(error: Error): void
}

/** A list of the API server that is followed. */
export interface Followed {
  /** `tagpolicies`. */
  readonly resource: string
  readonly synced: boolean
  /** Since when it cannot be followed. */
  readonly lostSince: Date | undefined
}
