import type { Mode } from './mode.ts'
import type { Policy, PolicyDate } from './policy.ts'

/** What is known of the namespace that an object is in. */
export interface Namespace {
  /** Empty for objects of cluster scope. */
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

/** The mode that holds in a namespace at a time, before rules and ceilings. */
export interface Switch {
  readonly mode: Mode
  /** Set where the mode would be `enforce` but its day has not come: the day from which it is. `mode` is then `warn`. */
  readonly deniedFrom?: PolicyDate
  /** Where it comes from: `mode`, `namespaceModes[1]`, `label tallyman.dev/mode`. */
  readonly source: string
  /** Labels that were ignored and why, a sentence each. */
  readonly problems: readonly string[]
}

/** The switch of a policy for a namespace at a time. */
export function switchFor(policy: Policy, namespace: Namespace, now: Date): Switch {
  throw new Error(`not written yet: ${policy.name} ${namespace.name} ${now}`)
}
