import { NUMBERED_PRERELEASES } from './words.ts'

/** A tag that begins with a partial version: `1.36-alpine`. */
export interface ReleaseLine {
  /** `1.36`, `v1` */
  readonly line: string
  readonly missing: readonly ['patch'] | readonly ['minor', 'patch']
  /** What follows the line and its `.x`: `-alpine`, or an empty string. */
  readonly variant: string
}

const PRERELEASES = [...NUMBERED_PRERELEASES].join('|')
/** x or x.y, perhaps with .x for what is missing, up to the end of the component. */
const LINE = /^(v?\d{1,4}(?:(\.\d{1,4})(?:\.x)?|(?:\.x){1,2})?)(?=$|[-_]|\.(?!\d))/i
/** Plain integers or a numbered pre-release next to the line: `1.24-1`, `1-2-3`, `28-ea-11`, `24.0.RC1`. */
const NUMBER_NEXT = new RegExp(
  `^[-_.](?:\\d+(?:[-_]\\d+)*|(?:${PRERELEASES})[-_.]?\\d+|[abm]\\d{1,2})(?=$|[-_]|\\.(?!\\d))`,
  'i',
)
/** The same glued to the line, as PostgreSQL and Go write it: `18beta1`, `1.22rc1`; `v1beta1` is the name of an API. */
const NUMBER_GLUED = new RegExp(
  `^(?:v?\\d{1,4}\\.\\d{1,4}(?:${PRERELEASES}|[abm])|\\d{1,4}(?:rc|alpha|beta|ea))\\.?\\d{1,3}(?=$|[-_.])`,
  'i',
)
/** A build counter and the commit, as Jenkins writes them (JEP-229, `_` between digits and letters): `3261.v9c670a_4748a_9`. */
const COUNTER_AND_COMMIT = /^\d{1,6}\.v[0-9a-f_]{7,40}(?:-\d{1,4})?(?=$|[-_.])/i
const WILDCARD = /(?:\.x)+$/i

/** The partial version that a tag begins with, without looking at what follows it. */
export function releaseLineOf(tag: string): ReleaseLine | undefined {
  const [text, , minor] = LINE.exec(tag) ?? []
  if (text === undefined) return undefined
  return {
    line: text.replace(WILDCARD, ''),
    missing: minor === undefined ? ['minor', 'patch'] : ['patch'],
    variant: tag.slice(text.length),
  }
}

/** A version that is complete without a third number, as written: `1.24-1`, `1.2-rc1`, `18beta1`. */
export function numberedVersionOf(tag: string): string | undefined {
  const glued = NUMBER_GLUED.exec(tag)?.[0]
  if (glued !== undefined) return glued
  const counted = COUNTER_AND_COMMIT.exec(tag)?.[0]
  if (counted !== undefined) return counted
  const line = LINE.exec(tag)?.[1]
  if (line === undefined || WILDCARD.test(line)) return undefined
  const next = NUMBER_NEXT.exec(tag.slice(line.length))?.[0]
  return next === undefined ? undefined : line + next
}
