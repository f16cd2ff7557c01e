import { dayAfter } from './date.ts'
import type { Policy } from './policy.ts'

/** An exemption that has an end. */
export interface ExemptionEnd {
  readonly policy: string
  readonly exemption: string
  /** From when on it is void: 00:00 UTC after its last day. */
  readonly end: Date
}

/**
 * The exemptions of some policies that have an end, those that are still to end first, the soonest of them at the front, then
 * those that are void, the last of them first: whoever shows only some shows what somebody can still do something about.
 */
export function exemptionEnds(policies: Iterable<Policy>, now: Date): readonly ExemptionEnd[] {
  const ends: ExemptionEnd[] = []
  for (const { name: policy, exemptions } of policies)
    for (const { name: exemption, expires } of exemptions)
      if (expires !== undefined) ends.push({ policy, exemption, end: new Date(dayAfter(expires)) })
  const left = ({ end }: ExemptionEnd) => end.getTime() - now.getTime()
  const isVoid = (it: ExemptionEnd) => left(it) <= 0
  return ends.sort((a, b) =>
    isVoid(a) === isVoid(b) ? Math.abs(left(a)) - Math.abs(left(b)) : Number(isVoid(a)) - Number(isVoid(b)),
  )
}
