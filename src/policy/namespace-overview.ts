import { byStrictness, type Mode } from './mode.ts'
import type { PolicyDate } from './policy.ts'
import type { PolicySet } from './policy-set.ts'
import { heldIn } from './provenance.ts'
import type { Namespace } from './switch.ts'

/** Namespaces in which the same holds for the same reason. */
export interface NamespaceGroup {
  readonly policy: string
  readonly mode: Mode
  readonly deniedFrom?: PolicyDate
  /** Where the mode comes from. */
  readonly from: string
  /** Their names, sorted. */
  readonly namespaces: readonly string[]
}

/** What holds in the namespaces of a cluster. */
export interface NamespaceOverview {
  /** The strictest first, then the largest. */
  readonly groups: readonly NamespaceGroup[]
  /** Labels that are ignored, by the name of their namespace. */
  readonly ignored: readonly { readonly namespace: string; readonly why: string }[]
}

/** Says what holds in each namespace. */
export function overviewOf(
  set: PolicySet,
  namespaces: ReadonlyMap<string, Namespace>,
  now: Date,
): NamespaceOverview {
  const groups = new Map<string, NamespaceGroup & { readonly namespaces: string[] }>()
  const ignored: { namespace: string; why: string }[] = []
  for (const namespace of [...namespaces.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { policy, mode, ignored: problems } = heldIn(set, namespace, now)
    const { value, from, deniedFrom } = mode
    const key = [policy.value, value, deniedFrom, from].join('\n')
    const group = groups.get(key) ?? {
      policy: policy.value,
      mode: value,
      ...(deniedFrom && { deniedFrom }),
      from,
      namespaces: [],
    }
    groups.set(key, group)
    group.namespaces.push(namespace.name)
    for (const why of problems) ignored.push({ namespace: namespace.name, why })
  }
  const sorted = [...groups.values()].sort(
    (a, b) => byStrictness(a.mode, b.mode) || b.namespaces.length - a.namespaces.length,
  )
  return { groups: sorted, ignored }
}
