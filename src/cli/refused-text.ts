import type { RefusedPolicy } from '../cluster/policies-once.ts'

/** Why a TagPolicy is refused, a text for each mistake, and what holds in its place. Not trustworthy text. */
export function refusedTexts({ name, problems, inForce }: RefusedPolicy): string[] {
  const last =
    inForce === undefined ? 'and so it holds nowhere' : `generation ${inForce} of it stays in force`
  return [
    ...problems.map(({ field, message }) => [`TagPolicy ${name}`, field, message].filter(Boolean).join(': ')),
    `TagPolicy ${name} is refused, ${last}`,
  ]
}
