import { stricter } from '../policy/mode.ts'
import type { RuleId } from '../policy/rule-modes.ts'
import type { Violated } from './violations.ts'

const TAG_RULES: ReadonlySet<RuleId> = new Set(['latestTag', 'partialTag', 'floatingTag'])

/**
 * Makes one finding of a container's tag and its pull policy: where a tag rule and stalePull both fire, the
 * stricter one reports (the tag rule on a tie) and its problem tells of both.
 */
export function joinTagAndPull(violated: readonly Violated[]): readonly Violated[] {
  const stale = violated.find(({ rule }) => rule === 'stalePull')
  const tag = violated.find(({ rule }) => TAG_RULES.has(rule))
  if (stale === undefined || tag === undefined) return violated
  const reporter = stricter(stale.mode, tag.mode) ? stale : tag
  const joined = { ...reporter, problem: `${tag.problem}, ${stale.joined}`, brief: stale.brief }
  return violated
    .filter((each) => each === reporter || (each !== stale && each !== tag))
    .map((each) => (each === reporter ? joined : each))
}
