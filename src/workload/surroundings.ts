import type { GroupName } from './kinds.ts'
import { lookUp, type Path } from './path.ts'

/** What a container gets from what is around it. */
export interface Surroundings {
  readonly group?: string
  readonly deadlineSeconds?: number
}

/**
 * Looks up the group and the deadline of a place.
 * @param taken what was taken at the wildcards on the way to the place
 * @param inner a deadline that was read already: the pod spec's own
 */
export function surroundings(
  object: unknown,
  { group, deadline }: { readonly group?: GroupName; readonly deadline?: Path },
  taken: readonly (number | string)[],
  inner?: unknown,
): Surroundings {
  return {
    group: groupName(object, group, taken),
    deadlineSeconds: shorter(inner, deadline && lookUp(object, deadline, taken)),
  }
}

function groupName(
  object: unknown,
  group: GroupName | undefined,
  taken: readonly (number | string)[],
): string | undefined {
  if (group === undefined) return undefined
  if ('fixed' in group) return group.fixed
  const name = lookUp(object, group.field, taken)
  return typeof name === 'string' && name !== '' ? name : undefined
}

/** The shorter of two deadlines in seconds; what is no positive number bounds nothing. */
function shorter(one: unknown, other: unknown): number | undefined {
  const a = typeof one === 'number' && one > 0 ? one : undefined
  const b = typeof other === 'number' && other > 0 ? other : undefined
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}
