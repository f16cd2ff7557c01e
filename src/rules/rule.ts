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
  }
  /** How long the workload runs: undefined, unknown; `longLived`, until somebody deletes it; else at most so many seconds. */
  readonly lifetime: 'longLived' | { readonly seconds: number } | undefined
  /** Whether the workload's own controller resolves tags to digests. */
  readonly resolvesTags: boolean
  /** Whether the cluster sets every pull policy to Always. */
  readonly alwaysPullImages: boolean
  /** A registry that keeps images, to recommend; undefined where the policy names none. */
  readonly keepingRegistry?: string
}

/** What a container has to have so that a rule is content. */
export type Need = 'fixedTag' | 'digest' | 'alwaysPull' | 'noNeedlessPull' | 'keptImage' | 'validReference'

export interface Violation {
  /** What is wrong, a clause whose subject is the image as written: `moves to each new 1.36.z`. */
  readonly problem: string
  /** What to do, a clause in the imperative: `use a tag that is pushed once`. */
  readonly action: string
  readonly need: Need
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
