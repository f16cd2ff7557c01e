import type { TagParts } from './tag-parts.ts'
import { BRANCH_BUILDS, BRANCHES, REPLACED_BUILDS } from './words.ts'

/** A word for builds that are replaced by the next one. */
export interface MovingBuild {
  /** As written in the tag. */
  readonly word: string
  readonly why: string
}

/** Java's and the nightly builders' words are used for nothing else, so they count wherever they stand: `1.2-SNAPSHOT-jdk17`. */
const ANYWHERE: ReadonlySet<string> = new Set(['snapshot', 'nightly'])

/**
 * The build word at an end of a tag.
 * @param full whether the tag holds a full version, beside which a branch only says where that came from
 */
export function movingBuildOf({ components, lower }: TagParts, full: boolean): MovingBuild | undefined {
  const last = lower.length - 1
  const index = lower.findIndex((word, at) => {
    if (ANYWHERE.has(word)) return true
    if (at !== 0 && at !== last) return false
    return REPLACED_BUILDS.has(word) || (!full && BRANCH_BUILDS.has(word))
  })
  const word = components[index]
  if (word === undefined) return undefined
  const lowered = word.toLowerCase()
  return {
    word,
    why: BRANCHES.has(lowered) ? `moves with every build of ${word}` : `moves with every ${lowered} build`,
  }
}
