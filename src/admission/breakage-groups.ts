import type { PolicyDate } from '../policy/policy.ts'
import { RULE_IDS, type RuleId } from '../policy/rule-modes.ts'
import { type Breakage, type Preview, TRIGGERS, type Trigger } from '../preview/preview.ts'

/** Workloads that are denied in the same way for the same reason. */
export interface BreakageGroup {
  readonly trigger: Trigger
  /** Of several rules of a workload the one that most workloads break. */
  readonly rule: RuleId
  readonly deniedFrom?: PolicyDate
  /** At least one; each breakage of a preview is in one group. */
  readonly breakages: readonly Breakage[]
}

/** What breaks with nobody touching it first, and for each trigger the most frequent reason first. */
export function breakageGroups({ breakages }: Pick<Preview, 'breakages'>): BreakageGroup[] {
  const frequency = frequencies(breakages)
  const mainRule = (breakage: Breakage): RuleId => {
    const [rule = RULE_IDS[0]] = [...rulesOf(breakage)].sort(
      (a, b) =>
        (frequency.get(b) ?? 0) - (frequency.get(a) ?? 0) || RULE_IDS.indexOf(a) - RULE_IDS.indexOf(b),
    )
    return rule
  }
  const groups = Map.groupBy(
    breakages,
    (breakage) => `${breakage.trigger} ${mainRule(breakage)} ${breakage.deniedFrom}`,
  )
  return [...groups.values()]
    .flatMap((members) => {
      const [first] = members
      return first === undefined ? [] : [{ ...first, rule: mainRule(first), breakages: members }]
    })
    .map(({ trigger, rule, deniedFrom, breakages }) => ({ trigger, rule, deniedFrom, breakages }))
    .sort(
      (a, b) =>
        TRIGGERS.indexOf(a.trigger) - TRIGGERS.indexOf(b.trigger) || b.breakages.length - a.breakages.length,
    )
}

function frequencies(breakages: readonly Breakage[]): ReadonlyMap<RuleId, number> {
  const found = new Map<RuleId, number>()
  for (const breakage of breakages)
    for (const rule of rulesOf(breakage)) found.set(rule, (found.get(rule) ?? 0) + 1)
  return found
}

function rulesOf({ images }: Breakage): ReadonlySet<RuleId> {
  return new Set(images.flatMap(({ rules }) => rules))
}
