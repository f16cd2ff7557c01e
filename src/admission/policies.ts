import type { InForce } from '../policy/policy-set.ts'

/** Who tells admission which policy holds where. A file knows no namespace labels; a cluster does. */
export interface Policies {
  /** The policy and what is known of the namespace (an empty name for objects of cluster scope). */
  for(namespace: string): Promise<InForce> | InForce
}
