import type { Mode } from './policy/mode.ts'
import type { Exemption, Policy, PolicyDate } from './policy/policy.ts'
import type { RuleId } from './policy/rule-modes.ts'
import type { Namespace, Switch } from './policy/switch.ts'
import type { Remedy } from './rules/remedy.ts'
import type { Container } from './workload/containers.ts'

/** An object to judge. Group and kind are the request's, not the object's own text. */
export interface Judged {
  readonly group: string
  readonly kind: string
  readonly object: unknown
  readonly namespace: Namespace
}

/** One container's violation of one rule (the tag and the pull policy of a container are one finding). */
export interface Finding {
  readonly rule: RuleId
  /** The mode that holds, never `disabled`. */
  readonly mode: Mode
  /** Set where the finding only warns until that day and is denied from it on. */
  readonly deniedFrom?: PolicyDate
  readonly container: Container
  /** The image as written; an empty string where there is none to speak of. Not trustworthy text. */
  readonly image: string
  /** A clause whose subject is the image: `moves to each new 1.36.z, and imagePullPolicy IfNotPresent keeps old copies on nodes`. */
  readonly problem: string
  /** A clause in the imperative: `use a tag that is pushed once`. */
  readonly action: string
  readonly remedy?: Remedy
  /** A suspicion worth a look, a sentence. */
  readonly hint?: string
  /** An exemption that would have covered this, had it not expired. */
  readonly expired?: Exemption
}

/** The answer about an object. */
export interface Judgement {
  /** Strictest first, then in the order of the object. */
  readonly findings: readonly Finding[]
  /** Exemptions that silenced something, each once. */
  readonly exemptions: readonly Exemption[]
  /** The switch that held. */
  readonly switch: Switch
  /** The number of images that were looked at. */
  readonly images: number
}

/** Judges an object by a policy at a time. A ceiling limits the mode of a container's findings (an unchanged one, an owned object). Pure; never throws. */
export function judge(
  judged: Judged,
  policy: Policy,
  now: Date,
  ceiling: (container: Container) => Mode = () => 'enforce',
): Judgement {
  throw new Error(`not written yet: ${judged.kind} ${policy.name} ${now} ${ceiling}`)
}
