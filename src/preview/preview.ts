import type { PolicyDate } from '../policy/policy.ts'
import type { RuleId } from '../policy/rule-modes.ts'

/**
 * When somebody meets a denial: `itself`, nobody touches anything (a controller makes the object again and the policy does
 * not spare it); `next`, at the next run or release, because the object is made anew each time; `change`, only once the
 * container's image is changed.
 */
export const TRIGGERS = ['itself', 'next', 'change'] as const
export type Trigger = (typeof TRIGGERS)[number]

/** A workload that would be denied: what a person would edit, with what it violates. */
export interface Breakage {
  readonly namespace: string
  /** The object that its makers edit: the Deployment of a Pod, the CronJob of a Job. */
  readonly workload: {
    readonly group: string
    readonly kind: string
    readonly resource: string
    readonly name: string
  }
  readonly trigger: Trigger
  /** The day from which it is denied; undefined: at once. */
  readonly deniedFrom?: PolicyDate
  readonly images: readonly BrokenImage[]
}

/** A container that would be denied. Texts come from the cluster and are not trustworthy. */
export interface BrokenImage {
  readonly container: string
  readonly image: string
  readonly rules: readonly RuleId[]
  /** What the finding says: `moves to each new 1.36.z`. */
  readonly problem: string
  /** What to write instead: with the digest that runs now where one is known, else with a placeholder. */
  readonly remedy?: string
  /** The digests that run under this image now, `sha256:…`, the most frequent first; more than one is the harm that the policy is for. */
  readonly running: readonly string[]
}

/** What a change would break. */
export interface Preview {
  /** By trigger (in the order of TRIGGERS), then the most frequent rule first, then namespace and name. */
  readonly breakages: readonly Breakage[]
  /** How many objects were read. */
  readonly read: number
  /** Set where it stopped before everything was read. */
  readonly stopped?: 'objects' | 'time'
  /** Resources that could not be read, such as `pods`, and why. */
  readonly unread: readonly { readonly resource: string; readonly reason: string }[]
}
