import { hasBegun } from './date.ts'
import { type Mode, stricter } from './mode.ts'
import { readSwitchLabels } from './namespace-labels.ts'
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

/** A mode, and the day from which `enforce` denies; under any other mode that has no effect. */
export interface DatedMode {
  readonly mode: Mode
  readonly enforceFrom?: PolicyDate
  readonly source: string
}

/** The switch of a policy for a namespace at a time. */
export function switchFor(policy: Policy, namespace: Namespace, now: Date): Switch {
  const own = ownSwitch(policy, namespace.name)
  const { chosen, problems } = readSwitchLabels(namespace.labels, own)
  if (chosen === undefined) return { ...at(own, now), problems }

  const { namespaceOverride } = policy.cluster
  if (namespaceOverride === 'ignored') {
    const refusal = `the ${chosen.source} is ignored: the policy lets no namespace change its mode`
    return { ...at(own, now), problems: [...problems, refusal] }
  }
  if (namespaceOverride === 'stricter' && isLaxer(chosen, own, now)) {
    const refusal = `the ${chosen.source} is ignored: the policy lets a namespace be stricter only, and here holds ${described(own)}`
    return { ...at(own, now), problems: [...problems, refusal] }
  }
  return { ...at(chosen, now), problems }
}

/** What the policy itself says for a namespace. Objects of cluster scope are in none, so that no glob is for them. */
function ownSwitch(policy: Policy, namespace: string): DatedMode {
  const index = namespace === '' ? -1 : policy.namespaceModes.findIndex((entry) => entry.matches(namespace))
  const entry = policy.namespaceModes[index]
  if (entry === undefined) return { mode: policy.mode, enforceFrom: policy.enforceFrom, source: 'mode' }
  return { mode: entry.mode, enforceFrom: entry.enforceFrom, source: `namespaceModes[${index}]` }
}

function at({ mode, enforceFrom, source }: DatedMode, now: Date): Omit<Switch, 'problems'> {
  if (mode !== 'enforce' || enforceFrom === undefined || hasBegun(enforceFrom, now)) return { mode, source }
  return { mode: 'warn', deniedFrom: enforceFrom, source }
}

/** Whether one is milder than the other now or on any later day; they change on their own days only. */
function isLaxer(one: DatedMode, other: DatedMode, now: Date): boolean {
  const days = [now, ...(other.enforceFrom ? [new Date(other.enforceFrom)] : [])].filter((day) => day >= now)
  return days.some((day) => stricter(at(other, day).mode, at(one, day).mode))
}

function described({ mode, enforceFrom }: DatedMode): string {
  return mode !== 'enforce' || enforceFrom === undefined ? mode : `${mode} from ${enforceFrom}`
}
