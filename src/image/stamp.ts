import type { TagParts } from './tag-parts.ts'
import { BRANCH_BUILDS, COUNTERS, ENVIRONMENTS, PHASES, REPLACED_BUILDS } from './words.ts'

/** What tells one build from all others: a date, a commit, a number that only counts up. */
export interface Stamp {
  /** As written in the tag. */
  readonly text: string
  /** What the stamp is, with its article: `the date`. */
  readonly what:
    | 'the date'
    | 'the time'
    | 'the number'
    | 'the commit'
    | 'the hash'
    | 'the revision'
    | 'the build number'
}

const YEAR = '(?:19|20)\\d\\d'
const MONTH = '(?:0[1-9]|1[0-2])'
const DAY = '(?:0[1-9]|[12]\\d|3[01])'
/** yyyymmdd, also with a word glued before it or a time behind it. */
const COMPACT_DATE = new RegExp(`^[a-z]*(${YEAR}${MONTH}${DAY}(t?\\d{4,6}z?)?)$`)
/** yyyy-mm-dd, yyyy.mm.dd, yyyy_mm_dd, perhaps with a time behind it. */
const SEPARATED_DATE = new RegExp(`(?:^|[-_.])v?(${YEAR}([-_.])${MONTH}\\2${DAY})(?=$|[-_.]|t\\d)`, 'i')
const LONG_NUMBER = /^v?\d{5,}$/
const HEX = /^(?:g|sha|git|commit)?((?=[a-f]*\d)(?=\d*[a-f])(?:[0-9a-f]{7,40}|[0-9a-f]{64}))$/
const HASH_LENGTH = 64
/** The shortest text that each expression can match, so that the common short components skip them. */
const SHORTEST = { compactDate: 8, separatedDate: 10, longNumber: 5, hex: 7 } as const
const REVISION = /^(?:rev|build|sp|patch)\d+$/
const FINAL_REVISION = /^[rbp]\d+$/
/** A cumulative update of SQL Server follows the year of its release; elsewhere cu121 is CUDA 12.1. */
const CUMULATIVE_UPDATE = /^cu\d+$/
const RELEASE_YEAR = /^(?:19|20)\d\d$/
const DIGITS = /^\d+$/

/** The first stamp in a tag. */
export function stampOf(parts: TagParts): Stamp | undefined {
  return dateOf(parts) ?? componentStamp(parts) ?? countedBuild(parts)
}

function dateOf({ tag, components, lower }: TagParts): Stamp | undefined {
  for (const [index, component] of lower.entries()) {
    if (component.length < SHORTEST.compactDate) continue
    const [, date, time] = COMPACT_DATE.exec(component) ?? []
    if (date === undefined) continue
    const text = components[index]?.slice(-date.length) ?? date
    return { text, what: time === undefined ? 'the date' : 'the time' }
  }
  if (tag.length < SHORTEST.separatedDate) return undefined
  const separated = SEPARATED_DATE.exec(tag)?.[1]
  return separated === undefined ? undefined : { text: separated, what: 'the date' }
}

function componentStamp({ components, lower }: TagParts): Stamp | undefined {
  const last = lower.length - 1
  for (const [index, component] of lower.entries()) {
    const text = components[index] ?? ''
    if (component.length >= SHORTEST.longNumber && LONG_NUMBER.test(component))
      return { text, what: 'the number' }
    const hex = component.length < SHORTEST.hex ? undefined : HEX.exec(component)?.[1]
    if (hex !== undefined) return { text, what: hex.length === HASH_LENGTH ? 'the hash' : 'the commit' }
    const updates = CUMULATIVE_UPDATE.test(component) && RELEASE_YEAR.test(lower[index - 1] ?? '')
    if (updates || REVISION.test(component) || (index === last && FINAL_REVISION.test(component))) {
      return { text, what: 'the revision' }
    }
  }
  return undefined
}

/** `run-42`, and a build or an environment word that is followed by nothing but a number: `main-153`. */
function countedBuild({ lower }: TagParts): Stamp | undefined {
  const number = lower.at(-1)
  const word = lower.at(-2)
  if (number === undefined || word === undefined || !DIGITS.test(number)) return undefined
  const counted = COUNTERS.has(word) || (lower.length === 2 && COUNTED_WORDS.has(word))
  return counted ? { text: number, what: 'the build number' } : undefined
}

const COUNTED_WORDS: ReadonlySet<string> = new Set([
  ...REPLACED_BUILDS,
  ...BRANCH_BUILDS,
  ...ENVIRONMENTS,
  ...PHASES,
])
