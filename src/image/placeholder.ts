import { LOWER_CASE_PLACEHOLDERS, NAME_PLACEHOLDERS, PLACEHOLDER_PARTICLES, PLACEHOLDERS } from './words.ts'

/** Names and tags are seldom all capitals; what somebody was to fill in mostly is. */
const CAPITALS = /^[A-Z_-]+$/
const LEADING_UNDERSCORES = /^_+/
const TRAILING_UNDERSCORES = /_+$/

/** Whether a tag is what somebody was to fill in: `IMAGE_TAG`, `__VERSION__`, `changeme`. */
export function isPlaceholderTag(tag: string): boolean {
  const { inner, words } = wordsOf(tag)
  if (!words.some((word) => PLACEHOLDERS.has(word)) || !words.every(isFiller)) return false
  return isCapitals(inner) || (words.length <= 2 && inner !== 'release')
}

/** The part of a name that somebody was to fill in: `YOUR_REGISTRY` of `YOUR_REGISTRY/app`; undefined where none is. */
export function placeholderIn(name: string): string | undefined {
  return name.split('/').find(isPlaceholderName)
}

function isPlaceholderName(part: string): boolean {
  const { inner, words } = wordsOf(part)
  const isName = (word: string) => NAME_PLACEHOLDERS.has(word)
  if (!words.every((word) => isName(word) || isFiller(word))) return false
  return isCapitals(inner)
    ? words.some((word) => isName(word) || PLACEHOLDERS.has(word))
    : words.some((word) => LOWER_CASE_PLACEHOLDERS.has(word))
}

function wordsOf(text: string): { inner: string; words: string[] } {
  const inner = text.replace(LEADING_UNDERSCORES, '').replace(TRAILING_UNDERSCORES, '')
  return { inner, words: inner.toLowerCase().split(/[-_]/) }
}

function isFiller(word: string): boolean {
  return PLACEHOLDERS.has(word) || PLACEHOLDER_PARTICLES.has(word)
}

function isCapitals(text: string): boolean {
  return CAPITALS.test(text)
}
