import type { Policies } from '../admission/policies.ts'
import type { PolicyListener } from '../files/policy-file.ts'
import type { Policy } from '../policy/policy.ts'

/** Where policies come from, as the server sees it: a file, or the built-in one. */
export interface PolicySource extends Policies {
  /** The one for all that have no other. */
  readonly policy: Policy
  /** Tells one version from another; `built-in` for the built-in one. */
  readonly hash: string
  /** Follows changes until the signal aborts. */
  watch(listener: PolicyListener, signal: AbortSignal): Promise<void>
}

/** A policy that never changes, such as the built-in one. */
export function fixedPolicy(policy: Policy): PolicySource {
  const labels = Object.freeze({})
  return {
    policy,
    hash: 'built-in',
    for: (name) => ({ policy, namespace: { name, labels } }),
    watch: async () => {},
  }
}
