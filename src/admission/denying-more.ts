import { effectiveSpec } from '../policy/effective.ts'
import type { Policy } from '../policy/policy.ts'
import type { InForce, PolicySet, Regime } from '../policy/policy-set.ts'
import { type Switch, switchFor } from '../policy/switch.ts'
import { affordable } from './affordable.ts'
import { sameJson } from './same-json.ts'

/** What holds before and after a change. */
export interface Regimes {
  readonly before: Regime
  readonly after: Regime
  /** The policies that they are made of. */
  readonly policiesBefore: PolicySet
  readonly policiesAfter: PolicySet
}

/**
 * The namespaces in which a change may deny what is not denied without it: its denials begin earlier, or by other rules,
 * exemptions or facts, of which none is compared more closely than by being another one.
 * @param namespaces those to look at; an empty name stands for objects of cluster scope
 */
export function denyingMore(regimes: Regimes, namespaces: readonly string[], now: Date): string[] {
  const { before, after, policiesBefore, policiesAfter } = regimes
  const alike = comparison(policiesBefore, policiesAfter)
  const looked = affordable(policiesBefore, policiesAfter)
  return namespaces.filter((name, index) => {
    // Where nobody can wait for an answer, there may be more.
    if (index >= looked) return true
    const [was, is] = [before(name), after(name)]
    const begin = denialsBegin(is, now)
    if (begin === undefined) return false
    const began = denialsBegin(was, now)
    return began === undefined || begin < began || !alike(was.policy, is.policy)
  })
}

/** The day from which something may be denied, an empty text for at once; undefined: never. */
function denialsBegin({ policy, namespace }: InForce, now: Date): string | undefined {
  const { mode, deniedFrom }: Switch = switchFor(policy, namespace, now)
  return mode === 'enforce' ? '' : deniedFrom
}

/** Whether a policy before and one after judge alike under the same switch. Each two are compared once. */
function comparison(before: PolicySet, after: PolicySet): (was: Policy, is: Policy) => boolean {
  const sameFacts = sameJson(factsOf(before), factsOf(after))
  const known = new Map<string, boolean>()
  return (was, is) => {
    if (was === is) return true
    const key = `${was.name} ${is.name}`
    const alike = known.get(key) ?? (sameFacts && sameJson(rulesOf(before, was), rulesOf(after, is)))
    known.set(key, alike)
    return alike
  }
}

function factsOf(set: PolicySet): unknown {
  return specOf(set, set.default).cluster
}

function rulesOf(set: PolicySet, policy: Policy): unknown {
  const { rules, ephemeralContainers, ownedObjects, exemptions } = specOf(set, policy)
  return { rules, ephemeralContainers, ownedObjects, exemptions }
}

function specOf(set: PolicySet, { name }: Policy) {
  return effectiveSpec({ spec: set.sources.get(name)?.spec ?? {} })
}
