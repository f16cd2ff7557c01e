import { exemptionFor } from '../policy/exemptions.ts'
import { type Mode, milder } from '../policy/mode.ts'
import type { Exemption, Policy, PolicyDate } from '../policy/policy.ts'
import type { RuleId } from '../policy/rule-modes.ts'
import type { Switch } from '../policy/switch.ts'
import { RULES } from './index.ts'
import type { Subject, Violation } from './rule.ts'

/** What decides how violations count in an object, besides the rules. */
export interface Standing {
  readonly policy: Policy
  readonly switch: Switch
  readonly namespace: string
  readonly now: Date
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

/**
 * Checks a container against all rules that are not disabled here.
 * @param container its name, for exemptions
 * @param ceiling limits every mode: of an ephemeral container, an owned object, an unchanged container
 */
export function violationsOf(
  subject: Subject,
  standing: Standing,
  container: string,
  ceiling: Mode,
): Violations {
  const { policy, switch: held, namespace, now } = standing
  if (milder(held.mode, ceiling) === 'disabled') return NONE
  // Made when there is something to put in: nearly all containers are in order, and this runs for each of them.
  let found: { violated: Violated[]; exemptions: Exemption[] } | undefined
  for (const rule of RULES) {
    const violation = rule.check(subject)
    if (violation === undefined) continue
    const own = milder(policy.rules[rule.id], ceiling)
    const mode = milder(own, held.mode)
    if (mode === 'disabled') continue
    found ??= { violated: [], exemptions: [] }
    const asked = { rule: rule.id, image: subject.image, container, namespace }
    const { exemption, expired } = exemptionFor(policy, asked, now)
    if (exemption === undefined) {
      const deniedFrom = own === 'enforce' ? held.deniedFrom : undefined
      found.violated.push({ ...violation, rule: rule.id, mode, deniedFrom, expired })
    } else {
      found.exemptions.push(exemption)
    }
  }
  return found ?? NONE
}
