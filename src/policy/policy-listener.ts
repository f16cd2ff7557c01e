import type { Policy } from './policy.ts'

/** Told of what happens to the policies while tallyman runs. */
export interface PolicyListener {
  /** One is in force that was not: a new one, or an old one as it is now. */
  loaded(policy: Policy, version: PolicyVersion): void
  /** A new one was refused, or its file is gone: the last good one stays in force. A PolicyError, or what reading threw. */
  refused(error: Error): void
}

/** Tells one version of a policy from another. */
export interface PolicyVersion {
  /** SHA-256 of what it was read from, hexadecimal; `built-in` for the built-in one. */
  readonly hash: string
  /** Of a TagPolicy in a cluster: its metadata.generation. */
  readonly generation?: number
}

/** A policy that is in force, and which version of it. */
export interface PolicyInForce {
  readonly policy: Policy
  readonly version: PolicyVersion
}
