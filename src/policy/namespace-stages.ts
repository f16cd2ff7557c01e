import { choosePolicy, type PolicySet } from './policy-set.ts'
import { type Namespace, switchFor } from './switch.ts'

/** How far a namespace is on its way: the modes, and between two of them `enforceLater`, which warns until its day comes. */
export const STAGES = ['disabled', 'audit', 'warn', 'enforceLater', 'enforce'] as const
export type Stage = (typeof STAGES)[number]

/** How many namespaces are at each stage; every stage is there. In steps, each of some microseconds. */
export function* namespaceStages(
  set: PolicySet,
  namespaces: Iterable<Namespace>,
  now: Date,
): Generator<undefined, ReadonlyMap<Stage, number>> {
  const counts = new Map<Stage, number>(STAGES.map((stage) => [stage, 0]))
  for (const namespace of namespaces) {
    const { mode, deniedFrom } = switchFor(choosePolicy(set, namespace).policy, namespace, now)
    const stage = deniedFrom === undefined ? mode : 'enforceLater'
    counts.set(stage, (counts.get(stage) ?? 0) + 1)
    yield
  }
  return counts
}
