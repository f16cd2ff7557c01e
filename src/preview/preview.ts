import type { Exemption, PolicyDate } from '../policy/policy.ts'
import type { RuleId } from '../policy/rule-modes.ts'
import type { Replacement } from './replacement.ts'

/**
 * When somebody meets a denial: `itself`, nobody touches anything (a controller makes the object again, and the policy does
 * not spare it); `next`, at the next run or release, because the object is made anew each time; `change`, only when the
 * container's image is changed.
 */
export const TRIGGERS = ['itself', 'next', 'change'] as const
export type Trigger = (typeof TRIGGERS)[number]

/** An object that people edit: a Deployment, a Job, a Pod that nothing owns. Texts come from the cluster and are not trustworthy. */
export interface Workload {
  readonly namespace: string
  readonly group: string
  readonly kind: string
  /** The plural name; empty for a kind that the policy does not know. */
  readonly resource: string
  readonly name: string
}

/** A workload that would be denied. */
export interface Breakage {
  readonly workload: Workload
  readonly trigger: Trigger
  /** The day from which it is denied; undefined: at once. */
  readonly deniedFrom?: PolicyDate
  readonly images: readonly BrokenImage[]
}

/** A container that would be denied. Its texts are not trustworthy. */
export interface BrokenImage {
  readonly container: string
  readonly image: string
  readonly rules: readonly RuleId[]
  /** A clause whose subject is the image: `moves to each new 1.36.z`. */
  readonly problem: string
  /** What to write instead: with the digest that runs now where one is known, else with placeholders; undefined where nothing is known. */
  readonly replacement?: Replacement
  /** An exemption that covers this no more when it is denied. */
  readonly expired?: Pick<Exemption, 'name' | 'expires'>
  /** The digests that run under this image now, the most frequent first. More than one is the harm that the policy is for. */
  readonly running: readonly string[]
}

/** How many workloads a namespace has, and how many of them would be denied. */
export interface NamespaceCount {
  readonly workloads: number
  readonly denied: number
}

/** What an exemption spares where all else is denied. */
export interface ExemptCount {
  readonly name: string
  /** Its last day. */
  readonly expires?: PolicyDate
  readonly workloads: number
  /** Set where there are more. */
  readonly more?: true
}

/** What a change would break. */
export interface Preview {
  /** By trigger (in the order of TRIGGERS), then the most frequent rule first, then by namespace and name. */
  readonly breakages: readonly Breakage[]
  /** Workloads that would be denied beyond those. */
  readonly more: number
  readonly namespaces: ReadonlyMap<string, NamespaceCount>
  /** The exemptions that spare something, by their last day, those without one at the end. */
  readonly exempt: readonly ExemptCount[]
  /** How many objects were read. */
  readonly read: number
  /** Set where it stopped before everything was read. */
  readonly stopped?: 'objects' | 'time'
  /** Resources that could not be read, such as `pods`, and why. */
  readonly unread: readonly Unread[]
}

/** A resource that could not be read. */
export interface Unread {
  readonly resource: string
  readonly reason: string
  /** Set where a right is missing. */
  readonly forbidden?: true
}
