import type { Image } from '../image/image.ts'
import { daysLeft, isOver } from './date.ts'
import type { Exemption, Policy } from './policy.ts'
import type { RuleId } from './rule-modes.ts'

/** Which exemption covers a finding. */
export interface ExemptionAnswer {
  /** The first one that is valid and covers it. */
  readonly exemption?: Exemption
  /** One that would have covered it, had it not expired; only where no valid one does. */
  readonly expired?: Exemption
}

/** So many days ahead whoever uses an exemption, or edits the policy, is told of its end: two weeks to change an image. */
export const NOTICE_DAYS = 14

/** Whether an exemption is in its last days: it holds, and is void in NOTICE_DAYS days or earlier. */
export function endsSoon({ expires }: Pick<Exemption, 'expires'>, now: Date): boolean {
  if (expires === undefined) return false
  const left = daysLeft(expires, now)
  return left >= 0 && left <= NOTICE_DAYS
}

/** Looks for an exemption of a rule's finding. An exemption is valid through the whole of its last day (UTC). */
export function exemptionFor(
  policy: Policy,
  subject: { rule: RuleId; image: Image; container: string; namespace: string },
  now: Date,
): ExemptionAnswer {
  let expired: Exemption | undefined
  for (const exemption of policy.exemptions) {
    if (!covers(exemption, subject)) continue
    if (exemption.expires === undefined || !isOver(exemption.expires, now)) return { exemption }
    expired ??= exemption
  }
  return expired ? { expired } : {}
}

function covers(exemption: Exemption, subject: Parameters<typeof exemptionFor>[1]): boolean {
  return (
    (exemption.rules?.has(subject.rule) ?? true) &&
    exemption.matchesNamespace(subject.namespace) &&
    exemption.matchesContainer(subject.container) &&
    exemption.matchesImage(subject.image)
  )
}
