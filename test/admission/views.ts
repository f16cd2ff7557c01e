import type { ClusterView } from '../../src/admission/cluster-view.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { type PolicySet, policySet } from '../../src/policy/policy-set.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'

/** Specs of TagPolicies, by name. */
export type Specs = Readonly<Record<string, object>>

/** The policies of a cluster that has these. */
export function setOf(specs: Specs = {}): PolicySet {
  const sources = Object.entries(specs).map(
    ([name, spec]) => [name, readTagPolicyObject({ metadata: { name }, spec: plain(spec) })] as const,
  )
  return policySet(new Map(sources))
}

/** A policy alone. */
export function policyOf(name: string, spec: object): Policy {
  return setOf({ [name]: spec }).find(name) as Policy
}

/** A cluster with these policies and namespaces, of which nobody may list anything, changed as said. */
export function view(
  specs: Specs = {},
  namespaces: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
  change: Partial<ClusterView> = {},
): ClusterView {
  return {
    policies: setOf(specs),
    namespaces: new Map(Object.entries(namespaces).map(([name, labels]) => [name, { name, labels }])),
    isJudged: async () => true,
    preview: async () => undefined,
    mayList: async () => false,
    ...change,
  }
}

/** As JSON has it: without what is undefined. */
function plain(spec: object): object {
  return JSON.parse(JSON.stringify(spec))
}
