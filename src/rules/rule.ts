import type { Image } from '../image/image.ts'
import type { PullPolicy } from '../image/pull-policy.ts'
import type { RuleId } from '../policy/rule-modes.ts'

/** What a rule looks at: one container's image and pull policy, and what surrounds it. */
export interface Subject {
  readonly image: Image
  readonly pull: {
    /** What the node will do: as written, or Kubernetes' default. */
    readonly policy: PullPolicy
    /** `absent`: nothing is written; `default`: what is written is what Kubernetes would fill in itself; `written`: somebody chose it. */
    readonly origin: 'absent' | 'default' | 'written'
    /** What the field is called here: `imagePullPolicy`, in an image volume `pullPolicy`; undefined where the kind has none. */
    readonly field?: string
  }
  /** Seconds that the workload runs at most: Infinity, until somebody deletes it; undefined, nobody knows. */
  readonly lifetimeSeconds: number | undefined
  /** Whether the workload's own controller resolves tags to digests. */
  readonly resolvesTags: boolean
  /** Whether the cluster sets every pull policy to Always. */
  readonly alwaysPullImages: boolean
}

export interface Violation {
  /** What is wrong, a clause whose subject is the image as written: `moves to each new 1.36.z`. */
  readonly problem: string
  /** The same in a few words, for a line that has no room for more: `moves`. Absent where the problem is short anyway. */
  readonly brief?: string
  /** What to do, a clause in the imperative: `use a tag that is pushed once`. */
  readonly action: string
  /** The clause that joins a tag rule's problem where both are one finding: `but imagePullPolicy IfNotPresent keeps …`. */
  readonly joined?: string
}

/** A rule: a pure function of a subject, without modes, clocks or I/O. */
export interface Rule {
  readonly id: RuleId
  /** What it asks, one sentence. */
  readonly asks: string
  /** Why, one or two sentences. */
  readonly because: string
  /** How to satisfy it, one or two sentences. */
  readonly satisfy: string
  check(subject: Subject): Violation | undefined
}
