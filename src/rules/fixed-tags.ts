import type { Image } from '../image/image.ts'
import type { TagKind } from '../image/tag-kind.ts'
import { BRANCH_BUILDS, CHANNELS, ENVIRONMENTS, PHASES, REPLACED_BUILDS } from '../image/words.ts'
import { isOfficial } from './official.ts'

/** Words that stand where the version should; a base or a runtime (`alpine`, `php8.3`) is wanted beside it. */
const INSTEAD_OF_VERSION = [REPLACED_BUILDS, BRANCH_BUILDS, CHANNELS, ENVIRONMENTS, PHASES]

/**
 * Tags that are pushed once and keep what a moving tag says besides: `1.36.<patch>-alpine` for `1.36-alpine`,
 * `<version>-alpine` for `stable-alpine`, at last only `<version>`. Empty for a fixed kind.
 * @param tag the tag that was judged, without a retention suffix
 * @param read reads the same repository by another tag
 */
export function fixedTags(kind: TagKind, tag: string | undefined, read: (tag: string) => Image): string[] {
  if (kind.name === 'partial') {
    const missing = kind.missing.map((part) => `.<${part}>`).join('')
    const variant = releasedVariant(kind.variant, tag !== undefined && isOfficial(read(tag)))
    // Some number their releases by two parts only (PostgreSQL): that settles where the policy knows it.
    const short = kind.missing.length === 2 ? [`${kind.line}.<minor>${variant}`] : []
    return [...short, `${kind.line}${missing}${variant}`, '<version>']
  }
  if (kind.name === 'floating' && tag !== undefined) {
    const isBase = (word: string) => !INSTEAD_OF_VERSION.some((words) => words.has(word.toLowerCase()))
    return isBase(kind.word)
      ? [`<version>-${tag}`, '<version>']
      : [...withoutWord(tag, kind.word, read), '<version>']
  }
  if (kind.name === 'latest')
    return tag === undefined ? ['<version>'] : [...withoutWord(tag, 'latest', read), '<version>']
  return kind.name === 'digest' || kind.name === 'version' ? [] : ['<version>']
}

/** A phase of a line. What is pushed once in it has a number, as in `3.14.0rc2`; beside a full version the word alone is rare. */
const PHASE = /[-_.](?:rc|beta|alpha|preview)(?=$|[-_.])/gi
const LONG_TERM = /[-_.]lts(?=$|[-_.])/gi

/**
 * What of a variant stands behind a full version too: `-slim` of `-rc-slim`. Jenkins has `2.440.3-lts`; in the official
 * library `lts` stands in place of a version (`node:lts`) and never beside one.
 */
function releasedVariant(variant: string, official: boolean): string {
  const released = variant.replace(PHASE, '')
  return official ? released.replace(LONG_TERM, '') : released
}

/** `nightly-alpine` has its version where `nightly` stands; `1.2.3-SNAPSHOT` and `3.5-latest` have one already. */
function withoutWord(tag: string, word: string, read: (tag: string) => Image): string[] {
  const at = tag.toLowerCase().indexOf(word.toLowerCase())
  if (at < 0) return []
  const before = tag.slice(0, at)
  const after = tag.slice(at + word.length)
  const rest = before === '' ? after.replace(/^[-_.]+/, '') : before.replace(/[-_.]+$/, '') + after
  if (rest === '') return []
  const { kind } = read(rest)
  if (kind.name === 'version' && kind.form === 'full') return [rest]
  if (kind.name === 'partial') return fixedTags(kind, rest, read).slice(0, -1)
  return [`${before}<version>${after}`]
}
