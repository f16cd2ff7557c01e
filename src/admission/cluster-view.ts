import type { PolicySet, Regime } from '../policy/policy-set.ts'
import type { Namespace } from '../policy/switch.ts'
import type { Preview } from '../preview/preview.ts'
import type { AdmissionRequest } from './review.ts'

/** What admission has to know of the cluster to speak about a change of policies or of a namespace. */
export interface ClusterView {
  /** The policies in force. */
  readonly policies: PolicySet
  /** Every namespace with the labels that are ours, by name. */
  readonly namespaces: ReadonlyMap<string, Namespace>
  /** Whether the API server asks tallyman about what is in a namespace (all its labels count). Where nobody can say, it does. */
  isJudged(namespace: Namespace): Promise<boolean>
  /**
   * What a change would break that is not broken without it. Bounded in objects and time; undefined where tallyman may not
   * read workloads at all, or looks at another change just now. Never rejects.
   */
  preview(change: Change): Promise<Preview | undefined>
  /** Whether a user may list a resource in a namespace, and so may be told names there. False where nobody can say. */
  mayList(user: AdmissionRequest['userInfo'], place: Place): Promise<boolean>
}

/** A change of what holds. */
export interface Change {
  readonly before: Regime
  readonly after: Regime
  /** Where it can make a difference; undefined: everywhere. */
  readonly namespaces?: readonly string[]
  readonly now: Date
}

export interface Place {
  readonly namespace: string
  readonly group: string
  readonly resource: string
}
