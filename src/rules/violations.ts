import { exemptionFor } from '../policy/exemptions.ts'
import { type Mode, mildest } from '../policy/mode.ts'
import type { Exemption, Policy, PolicyDate } from '../policy/policy.ts'
import type { RuleId } from '../policy/rule-modes.ts'
import type { Switch } from '../policy/switch.ts'
import { RULES } from './index.ts'
import type { Subject, Violation } from './rule.ts'

/** What decides how a container's violations count, besides the rules. */
export interface Standing {
  readonly policy: Policy
  readonly switch: Switch
  readonly namespace: string
  readonly now: Date
  /** The container's name, for exemptions. */
  readonly container: string
  /** Limits every mode: an ephemeral container, an owned object, an unchanged container. */
  readonly ceiling: Mode
}

/** A rule's violation with the mode that it has here. */
export interface Violated extends Violation {
  readonly rule: RuleId
  /** Never `disabled`. */
  readonly mode: Mode
  /** Set where it is `warn` only until that day. */
  readonly deniedFrom?: PolicyDate
  /** An exemption that would have covered it, had it not expired. */
  readonly expired?: Exemption
}

/** The rules that a container violates, and the exemptions that silenced others. */
export interface Violations {
  readonly violated: readonly Violated[]
  readonly exemptions: readonly Exemption[]
}

const NONE: Violations = { violated: [], exemptions: [] }

/** Checks a container against all rules that are not disabled here. */
export function violationsOf(subject: Subject, standing: Standing): Violations {
  const { policy, switch: held, ceiling } = standing
  if (mildest(held.mode, ceiling) === 'disabled') return NONE
  const violated: Violated[] = []
  const exemptions: Exemption[] = []
  for (const rule of RULES) {
    const violation = rule.check(subject)
    if (violation === undefined) continue
    const own = mildest(policy.rules[rule.id], ceiling)
    const mode = mildest(own, held.mode)
    if (mode === 'disabled') continue
    const { exemption, expired } = exemptionFor(
      policy,
      { rule: rule.id, image: subject.image, ...standing },
      standing.now,
    )
    if (exemption === undefined) {
      const deniedFrom = own === 'enforce' ? held.deniedFrom : undefined
      violated.push({ ...violation, rule: rule.id, mode, deniedFrom, expired })
    } else {
      exemptions.push(exemption)
    }
  }
  return violated.length === 0 && exemptions.length === 0 ? NONE : { violated, exemptions }
}
