import { compilePolicy } from '../../src/policy/compile.ts'
import type { Policy } from '../../src/policy/policy.ts'
import type { Regime } from '../../src/policy/policy-set.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'
import { kindsTable, type WorkloadKind } from '../../src/workload/kinds.ts'

/** Policies and kinds, for previews. */

export function policyOf(spec: object): Policy {
  return compilePolicy(readTagPolicyObject({ metadata: { name: 'default' }, spec }))
}

/** One policy for all namespaces. */
export function everywhere(policy: Policy): Regime {
  return (name) => ({ policy, namespace: { name, labels: {} } })
}

/** A kind as kubectl calls it: `Deployment.apps`. */
export function kindOf(name: string): WorkloadKind {
  const [kind = '', ...group] = name.split('.')
  const found = kindsTable().find(group.join('.'), kind)
  if (found === undefined) throw new Error(`${name} is no kind`)
  return found
}
