import type { Policy } from '../policy/policy.ts'
import type { Namespace } from '../policy/switch.ts'

/** Who tells admission which policy holds where. A file knows no namespace labels; a cluster will. */
export interface Policies {
  /** The policy and what is known of the namespace (an empty name for objects of cluster scope). */
  for(namespace: string): Promise<Effective> | Effective
}

export interface Effective {
  readonly policy: Policy
  readonly namespace: Namespace
}
