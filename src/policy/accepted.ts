import { PolicyError } from './problem.ts'
import type { TagPolicy } from './schema.ts'
import type { TagPolicyStatus } from './status-schema.ts'
import { readTagPolicyObject } from './tag-policy-object.ts'

/** A TagPolicy as a cluster has it. */
export interface StoredPolicy {
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  /** Counts the changes of its spec, from 1. */
  readonly generation: number
  /** What the spec says, or why it is refused. */
  readonly read: TagPolicy | PolicyError
  /** What the status says was accepted last; undefined where it says nothing that could be. */
  readonly remembered?: Accepted
  /** As it stands in the cluster: of any shape. */
  readonly status: unknown
}

/** A TagPolicy that is in force. */
export interface Accepted {
  readonly uid: string
  readonly generation: number
  readonly tagPolicy: TagPolicy
}

/** Reads a TagPolicy as an API server has it. @throws Error where it has no name, which no API server stores */
export function storedPolicy(object: object): StoredPolicy {
  const { metadata, status } = object as { metadata?: Metadata | null; status?: unknown }
  const { name, uid, resourceVersion, generation: given } = metadata ?? {}
  if (typeof name !== 'string' || typeof uid !== 'string' || typeof resourceVersion !== 'string')
    throw new Error('A TagPolicy has no metadata.name, uid or resourceVersion')
  const generation = typeof given === 'number' ? given : 0
  return {
    name,
    uid,
    resourceVersion,
    generation,
    read: readOrRefuse(object),
    remembered: rememberedBy(status, { name, uid, generation }),
    status,
  }
}

interface Metadata {
  readonly name?: unknown
  readonly uid?: unknown
  readonly resourceVersion?: unknown
  readonly generation?: unknown
}

/**
 * The status is written by tallyman, but not only by this one: what it remembers is read as carefully as any spec, and cannot
 * be of a generation that is still to come, which would outlast all that is accepted until then.
 */
function rememberedBy(
  status: unknown,
  { name, uid, generation: now }: Pick<StoredPolicy, 'name' | 'uid' | 'generation'>,
): Accepted | undefined {
  const { generation, spec } = (status as TagPolicyStatus | null | undefined)?.accepted ?? {}
  if (typeof generation !== 'number' || generation > now || spec === undefined) return undefined
  const tagPolicy = readOrRefuse({ metadata: { name }, spec })
  return tagPolicy instanceof PolicyError ? undefined : { uid, generation, tagPolicy }
}

/** Refused is also what we fail to read by a mistake of our own: it must not put out of force what was accepted before. */
function readOrRefuse(object: unknown): TagPolicy | PolicyError {
  try {
    return readTagPolicyObject(object)
  } catch (error) {
    if (error instanceof PolicyError) return error
    const message = `cannot be read: ${(error as Error).message}`
    return new PolicyError('TagPolicy', [{ field: '', message }])
  }
}

/**
 * What is in force of the TagPolicies that a cluster has: of each its spec, or where that is refused the last one that was
 * accepted, as it is known here or as the status remembers it, whichever is the newer. So a tallyman that starts over a
 * refused spec agrees with those that saw the one before. One that was never accepted is not in force; one that is deleted
 * is forgotten, and another one of its name begins anew.
 */
export function accept(
  stored: Iterable<StoredPolicy>,
  known: ReadonlyMap<string, Accepted>,
): ReadonlyMap<string, Accepted> {
  const accepted = new Map<string, Accepted>()
  for (const { name, uid, generation, read, remembered } of stored) {
    const before = known.get(name)
    if (!(read instanceof PolicyError)) {
      // The same generation is the same spec: whoever compiled it knows it again, whatever happened to the status.
      const same = before?.uid === uid && before.generation === generation
      accepted.set(name, same ? before : { uid, generation, tagPolicy: read })
      continue
    }
    const last = newest(before?.uid === uid ? before : undefined, remembered)
    if (last !== undefined) accepted.set(name, last)
  }
  return accepted
}

function newest(one: Accepted | undefined, other: Accepted | undefined): Accepted | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return other.generation > one.generation ? other : one
}
