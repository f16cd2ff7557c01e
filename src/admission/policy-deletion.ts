import { choosePolicy, DEFAULT, type PolicySet } from '../policy/policy-set.ts'
import { type Namespace, switchFor } from '../policy/switch.ts'
import { affordable } from './affordable.ts'
import { counted, naming } from './listing.ts'
import { modeText } from './mode-text.ts'

/** A TagPolicy that is deleted. */
export interface DeletedPolicy {
  /** `TagPolicy/lab`. Plain text. */
  readonly subject: string
  readonly name: string
  /** The policies with it, and without. */
  readonly before: PolicySet
  readonly after: PolicySet
  readonly namespaces: ReadonlyMap<string, Namespace>
}

/** What holds in the place of a TagPolicy that is deleted; nothing where it held nowhere. */
export function deletionRemarks(
  { subject, name, before, after, namespaces }: DeletedPolicy,
  now: Date,
): string[] {
  if (!before.sources.has(name)) return []
  const held = [...namespaces.values()].filter((it) => choosePolicy(before, it).policy.name === name)
  if (name === DEFAULT)
    return [
      `${subject}: without it the built-in policy holds in ${counted(held.length, 'namespace')}, with mode ${after.default.mode}, and its facts about the cluster in all`,
    ]
  if (held.length === 0) return []
  const names = held.map((it) => it.name).sort()
  const chose = held.length === 1 ? 'namespace has' : 'namespaces have'
  const instead = after.sources.has(DEFAULT) ? `TagPolicy ${DEFAULT}` : 'the built-in policy'
  const holds = `${subject}: without it ${instead} holds there`
  // Where it takes too long to find out, one can look.
  const modes = held.length > affordable(after) ? undefined : modesOf(after, held, now)
  return [
    naming(`${subject}: ${held.length} ${chose} it by label:`, names),
    modes === undefined ? holds : naming(`${holds}:`, modes),
  ]
}

/** `warn`; or, where they differ, the most frequent first, `enforce in 2` and `warn in 1`. */
function modesOf(set: PolicySet, namespaces: readonly Namespace[], now: Date): string[] {
  const modes = Map.groupBy(namespaces, (it) => modeText(switchFor(choosePolicy(set, it).policy, it, now)))
  return [...modes]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([mode, { length }]) => (modes.size === 1 ? mode : `${mode} in ${length}`))
}
