import { defaultPullPolicy } from '../image/pull-policy.ts'
import type { ImageReader } from '../image/reader.ts'
import type { Container } from '../workload/container.ts'

/** What an update does to the containers of an object. A container is told by its `field`, which is unique in an object. */
export interface Changes {
  /** Whether the old object excuses this container. */
  isUnchanged(container: Container): boolean
  /** The image before, where the update changes the kind of the tag but keeps a stored pull policy that does not suit it. */
  keptPolicyFrom(container: Container): string | undefined
}

/** A creation: everything is new. */
export const ALL_NEW: Changes = { isUnchanged: () => false, keptPolicyFrom: () => undefined }

/**
 * Compares the containers of the old and the new object.
 *
 * A container is unchanged if the old object has, in the same place, one with the same name, image and effective
 * pull policy. Each old one excuses one new one, the first that asks, so a copy counts as a change; the order
 * does not matter. Linear in the number of containers.
 */
export function compareContainers(
  before: readonly Container[],
  after: readonly Container[],
  readImage: ImageReader,
): Changes {
  const excuses = queues(before, identity)
  const unchanged = new Set<string>()
  const changed: Container[] = []
  for (const container of after) {
    if (excuses.get(identity(container))?.pop() === undefined) changed.push(container)
    else unchanged.add(container.field)
  }
  const left = queues([...excuses.values()].flat().reverse(), position)
  const kept = new Map<string, string>()
  for (const container of changed) {
    const old = left.get(position(container))?.pop()
    if (old?.image !== undefined && keepsPolicy(old, container, readImage))
      kept.set(container.field, old.image)
  }
  return {
    isUnchanged: (container) => unchanged.has(container.field),
    keptPolicyFrom: (container) => kept.get(container.field),
  }
}

/** Containers by a key; popping yields the first one first. */
function queues(
  containers: readonly Container[],
  keyOf: (container: Container) => string,
): Map<string, Container[]> {
  const result = new Map<string, Container[]>()
  for (const container of containers.toReversed()) {
    const key = keyOf(container)
    const queue = result.get(key)
    if (queue === undefined) result.set(key, [container])
    else queue.push(container)
  }
  return result
}

/** Equal for containers that excuse each other. What makes no sense excuses only what makes no sense in the same way. */
function identity({ place, name, image, malformed, pullPolicy }: Container): string {
  return JSON.stringify([place, name, image, malformed, pullPolicy || defaultPullPolicy(image ?? '')])
}

/** Equal for containers that may be the same one, before and after. */
function position({ place, name }: Container): string {
  return JSON.stringify([place, name])
}

function keepsPolicy(old: Container, now: Container, readImage: ImageReader): boolean {
  if (old.image === undefined || now.image === undefined) return false
  if (!old.pullPolicy || old.pullPolicy !== now.pullPolicy) return false
  const kind = readImage(now.image).kind
  if (kind.moving === (now.pullPolicy === 'Always')) return false
  return kind.name !== readImage(old.image).kind.name
}
