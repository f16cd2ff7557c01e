import { builtInPolicy } from './built-in.ts'
import { compilePolicy } from './compile.ts'
import type { Mode } from './mode.ts'
import { labelValue, POLICY_LABEL } from './namespace-labels.ts'
import type { ClusterFacts, Policy } from './policy.ts'
import { quoted } from './quoted.ts'
import type { TagPolicy } from './schema.ts'
import type { Namespace } from './switch.ts'
import { withMode } from './with-mode.ts'

/** The policy that holds wherever no other does. */
export const DEFAULT = 'default'

/** The policies of a cluster, compiled and frozen. Facts about the cluster come from the one called default, in all. */
export interface PolicySet {
  /** What they were compiled from, by name: accepted TagPolicies only. */
  readonly sources: ReadonlyMap<string, TagPolicy>
  /** Replaces the switch of each (`--mode`). */
  readonly mode?: Mode
  /** The facts about the cluster as the policies say them, whatever `mode` makes of the labels of namespaces. */
  readonly facts: ClusterFacts
  /** The one called default, or the built-in one where there is none. */
  readonly default: Policy
  /** One by its name; `default` too, unless that is the built-in one. */
  find(name: string): Policy | undefined
}

/** What holds in a namespace. */
export interface InForce {
  readonly policy: Policy
  readonly namespace: Namespace
}

/** Says what holds in a namespace (an empty name: objects of cluster scope). */
export type Regime = (namespace: string) => InForce

/** The policy that a namespace gets. */
export interface Chosen {
  readonly policy: Policy
  /** Whether its label chose it. */
  readonly byLabel: boolean
  /** Why its label was ignored, a sentence; undefined where it was not. */
  readonly problem?: string
}

/**
 * Compiles the policies of a cluster.
 * @param sources TagPolicies that parse.ts accepted, by name
 * @param mode replaces the switch of each (`--mode`)
 * @param before the policies until now, of which those stay that did not change: to compile a hundred takes as long as some
 * hundred verdicts, which would wait at each toggle of one
 */
export function policySet(
  sources: ReadonlyMap<string, TagPolicy>,
  mode?: Mode,
  before?: PolicySet,
): PolicySet {
  const own = sources.get(DEFAULT)
  const facts = own === undefined ? builtInPolicy().cluster : factsOf(own, before)
  const made = (name: string, source: TagPolicy): Policy => {
    const stays = before?.facts === facts && before.mode === mode && before.sources.get(name) === source
    return (stays && before.find(name)) || switched(compilePolicy(source, facts), mode)
  }
  const policies = new Map([...sources].map(([name, source]) => [name, made(name, source)]))
  const standard = policies.get(DEFAULT) ?? switched(builtInPolicy(), mode)
  const find = (name: string) => policies.get(name)
  return Object.freeze({ sources, ...(mode && { mode }), facts, default: standard, find })
}

/** The very facts from before, where they say the same: every policy holds them. */
function factsOf(own: TagPolicy, before: PolicySet | undefined): ClusterFacts {
  const text = (tagPolicy: TagPolicy | undefined) => JSON.stringify(tagPolicy?.spec.cluster)
  const same = before !== undefined && text(own) === text(before.sources.get(DEFAULT))
  return same ? before.facts : compilePolicy(own).cluster
}

function switched(policy: Policy, mode: Mode | undefined): Policy {
  return mode === undefined ? policy : withMode(policy, mode)
}

/** The same policies after a change of one. @param tagPolicy as parse.ts accepted it; undefined where it is deleted */
export function changedSet(set: PolicySet, name: string, tagPolicy: TagPolicy | undefined): PolicySet {
  const sources = new Map(set.sources)
  if (tagPolicy === undefined) sources.delete(name)
  else sources.set(name, tagPolicy)
  return policySet(sources, set.mode, set)
}

/**
 * The policy of a namespace: the one that its label names, else the default one. A policy that lists namespaces is for those
 * only; where namespaces may not weaken what holds (`namespaceOverride` stricter or ignored), only such a list lets one be
 * chosen, so that nobody who may edit a namespace can choose a laxer policy.
 */
export function choosePolicy(set: PolicySet, namespace: Namespace): Chosen {
  const name = labelValue(namespace.labels, POLICY_LABEL)
  if (name === undefined || name === '' || name === DEFAULT) return { policy: set.default, byLabel: false }
  const ignored = (why: string): Chosen => ({
    policy: set.default,
    byLabel: false,
    problem: `the label ${POLICY_LABEL}=${quoted(name)} is ignored: ${why}; TagPolicy ${DEFAULT} holds`,
  })
  const policy = set.find(name)
  if (policy === undefined) return ignored('no TagPolicy of that name is in force')
  if (policy.offeredTo?.(namespace.name)) return { policy, byLabel: true }
  const { namespaceOverride } = set.facts
  if (policy.offeredTo !== undefined) return ignored('that TagPolicy does not list this namespace')
  if (namespaceOverride === 'any') return { policy, byLabel: true }
  return ignored(
    `with namespaceOverride ${namespaceOverride} a TagPolicy has to list the namespaces that may choose it`,
  )
}
