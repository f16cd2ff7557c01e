import type { TagParts } from './tag-parts.ts'
import { BASES, NUMBERED_BASES } from './words.ts'

/** What follows the number of Java's eighth release: `8u202`, `jdk8u402`. */
const JAVA_UPDATE = /^(?:jdk|jre|java|openjdk)?8u\d+/

/**
 * The full version x.y.z in a tag, as written: at the start of a component, or glued to a word that is no base
 * (`alpine3.19.1` is a release of Alpine, whatever the image holds).
 */
export function fullVersionOf({ pieces }: TagParts): string | undefined {
  return pieces.find(({ word, numbers, lower }) => {
    if (JAVA_UPDATE.test(lower)) return true
    return numbers >= 3 && !BASES.has(word) && !NUMBERED_BASES.has(word)
  })?.text
}
