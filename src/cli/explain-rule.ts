import type { Policy } from '../policy/policy.ts'
import type { RuleId } from '../policy/rule-modes.ts'
import { RULES } from '../rules/index.ts'
import type { Rule } from '../rules/rule.ts'
import { row } from './rows.ts'
import type { Paint } from './terminal.ts'

/** The JSON of `explain` for a rule. */
export interface RuleExplanation {
  readonly rule: RuleId
  /** The mode it has in the policy: a ceiling under the policy's switch. */
  readonly mode: string
  readonly asks: string
  readonly because: string
  readonly satisfy: string
}

/** The rule of an id, as it is written in a policy and at the end of a message. */
export function findRule(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id)
}

export function explainRule({ id, asks, because, satisfy }: Rule, policy: Policy): RuleExplanation {
  return { rule: id, mode: policy.rules[id], asks, because, satisfy }
}

/** The explanation for a person. */
export function ruleLines({ id, asks, because, satisfy }: Rule, policy: Policy, paint: Paint): string[] {
  return [
    paint('bold', id),
    ...row('asks for', asks, paint),
    ...row('because', because, paint),
    ...row('satisfy it', satisfy, paint),
    ...row('mode', `${policy.rules[id]} (TagPolicy ${policy.name}, spec.rules.${id})`, paint),
  ]
}
