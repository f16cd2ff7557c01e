import type { Policy } from './policy.ts'
import { choosePolicy, type PolicySet, type Regime } from './policy-set.ts'
import type { Namespace } from './switch.ts'

const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({})

/** What the policies of a cluster say in its namespaces. One that is not among them counts as one without labels. */
export function clusterRegime(set: PolicySet, namespaces: ReadonlyMap<string, Namespace>): Regime {
  return (name) => {
    const namespace = namespaces.get(name) ?? { name, labels: NO_LABELS }
    return { policy: choosePolicy(set, namespace).policy, namespace }
  }
}

/** One policy for all namespaces, of whose labels nothing is known: what a file says. */
export function uniformRegime(policy: Policy): Regime {
  return (name) => ({ policy, namespace: { name, labels: NO_LABELS } })
}
