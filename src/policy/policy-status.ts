import type { Accepted, StoredPolicy } from './accepted.ts'
import { isOver } from './date.ts'
import { choosePolicy, DEFAULT, type PolicySet } from './policy-set.ts'
import { PolicyError } from './problem.ts'
import { MAX_CONDITION_MESSAGE, MAX_LISTED_NAMESPACES, type TagPolicyStatus } from './status-schema.ts'
import type { Namespace } from './switch.ts'

type Condition = NonNullable<TagPolicyStatus['conditions']>[number]

/** Whether the API server sends every kind that the policies know, and what to do where it does not. */
export type Registration =
  | { readonly status: 'True' }
  /** @property message which kinds are not sent, and the rule to add */
  | { readonly status: 'False' | 'Unknown'; readonly reason: string; readonly message: string }

/** The cluster as the status of its policies sees it. */
export interface ClusterState {
  readonly accepted: ReadonlyMap<string, Accepted>
  readonly policies: PolicySet
  readonly namespaces: readonly Namespace[]
  readonly registration: Registration
}

/** Where a policy holds. */
export interface Reach {
  /** The names of the namespaces, sorted. */
  readonly held: readonly string[]
  /** The names of its exemptions that cover none of them. */
  readonly unmatched: readonly string[]
}

/** The names of the namespaces in which each policy holds, sorted, by the policy's name. In steps, each of some microseconds. */
export function* namespacesByPolicy({
  policies,
  namespaces,
}: Pick<ClusterState, 'policies' | 'namespaces'>): Generator<
  undefined,
  ReadonlyMap<string, readonly string[]>
> {
  const found = new Map<string, string[]>()
  for (const namespace of namespaces.toSorted(byName)) {
    const { policy } = choosePolicy(policies, namespace)
    const names = found.get(policy.name)
    if (names === undefined) found.set(policy.name, [namespace.name])
    else names.push(namespace.name)
    yield
  }
  return found
}

function byName({ name: one }: Namespace, { name: other }: Namespace): number {
  return one < other ? -1 : 1
}

/**
 * What the status of a TagPolicy should be: a function of what is in the cluster and of the day, so that all replicas come to
 * the same.
 */
export function policyStatus(
  stored: StoredPolicy,
  { held, unmatched }: Reach,
  { accepted, policies, registration }: ClusterState,
  now: Date,
): TagPolicyStatus {
  const inForce = accepted.get(stored.name)
  const policy = inForce && policies.find(stored.name)
  const exemptions = policy?.exemptions ?? []
  const expired = exemptions.filter(({ expires }) => expires !== undefined && isOver(expires, now))
  const wanted = [readiness(stored, inForce), ...(stored.name === DEFAULT ? [registered(registration)] : [])]
  return {
    observedGeneration: stored.generation,
    conditions: wanted.map((condition) => dated(condition, stored, now)),
    ...(inForce && { accepted: { generation: inForce.generation, spec: inForce.tagPolicy.spec } }),
    namespaces: { count: held.length, names: held.slice(0, MAX_LISTED_NAMESPACES) },
    exemptions: {
      count: exemptions.length,
      expired: expired.map(({ name }) => name),
      unmatched: [...unmatched],
    },
  }
}

type Undated = Omit<Condition, 'lastTransitionTime' | 'observedGeneration'>

function readiness({ read, generation }: StoredPolicy, inForce: Accepted | undefined): Undated {
  if (!(read instanceof PolicyError))
    return {
      type: 'Ready',
      status: 'True',
      reason: 'Accepted',
      message: `Generation ${generation} is in force.`,
    }
  const stays =
    inForce === undefined
      ? 'No spec of it was ever accepted, so it holds nowhere.'
      : `Generation ${inForce.generation} stays in force.`
  const mistakes = read.problems.map(({ field, message }) => [field, message].filter(Boolean).join(': '))
  return { type: 'Ready', status: 'False', reason: 'Refused', message: bounded(mistakes, stays) }
}

function registered(registration: Registration): Undated {
  return registration.status === 'True'
    ? {
        type: 'Registered',
        status: 'True',
        reason: 'Registered',
        message: 'The API server sends every kind.',
      }
    : { type: 'Registered', ...registration }
}

/** As many mistakes as fit, and what stays in force, which always does. */
function bounded(mistakes: readonly string[], stays: string): string {
  const room = MAX_CONDITION_MESSAGE - stays.length - ' And 100 more mistakes.'.length
  const shown: string[] = []
  let length = 0
  for (const mistake of mistakes) {
    const line = mistake.slice(0, room - 2)
    if (length + line.length + 2 > room) break
    shown.push(line)
    length += line.length + 2
  }
  const more = mistakes.length - shown.length
  const said = shown.join('; ')
  return `${said}${/[.?]$/.test(said) ? '' : '.'} ${more > 0 ? `And ${more} more mistakes. ` : ''}${stays}`
}

/** A condition keeps its time as long as its status does. */
function dated(condition: Undated, { status, generation }: StoredPolicy, now: Date): Condition {
  const { conditions } = (status ?? {}) as TagPolicyStatus
  const before = Array.isArray(conditions) ? conditions.find((it) => it?.type === condition.type) : undefined
  const kept = before?.status === condition.status ? before.lastTransitionTime : undefined
  // The API server takes seconds (metav1.Time).
  const time = kept ?? `${now.toISOString().slice(0, 19)}Z`
  return { ...condition, observedGeneration: generation, lastTransitionTime: time }
}
