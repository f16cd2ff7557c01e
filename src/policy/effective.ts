import { BUILT_IN_SPEC } from './built-in-spec.ts'
import type { Mode } from './mode.ts'
import { DEFAULT_RULE_MODES, type RuleId } from './rule-modes.ts'
import type { ClusterSpec, TagPolicy, TagPolicySpec } from './schema.ts'

/** A policy's data with everything filled in that it leaves out. */
export type EffectiveSpec = Omit<TagPolicySpec, 'rules' | 'cluster'> &
  Required<
    Pick<TagPolicySpec, 'mode' | 'namespaceModes' | 'ephemeralContainers' | 'ownedObjects' | 'exemptions'>
  > & { rules: Readonly<Record<RuleId, Mode>>; cluster: Required<ClusterSpec> }

/** Fills in what a policy leaves out with what the built-in policy says. */
export function effectiveSpec({ spec }: Pick<TagPolicy, 'spec'>): EffectiveSpec {
  const cluster = { ...BUILT_IN_SPEC.cluster, ...spec.cluster }
  return {
    ...BUILT_IN_SPEC,
    ...spec,
    rules: { ...DEFAULT_RULE_MODES, ...spec.rules },
    // The kinds of globs are filled in one by one: own floating tags do not undo the built-in versions.
    cluster: { ...cluster, tagKinds: { ...BUILT_IN_SPEC.cluster.tagKinds, ...cluster.tagKinds } },
  }
}
