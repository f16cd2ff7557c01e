import { quoted } from './quoted.ts'

/**
 * A glob over names: `*` is any run of characters without `/`, `**` any run, `?` one character but `/`, `[a-z]` one
 * of a set, `[!a-z]` one that is not of the set (and not `/`). It covers the whole text; upper and lower case differ.
 */
export interface Glob {
  readonly text: string
  matches(text: string, meter?: Meter): boolean
}

/** Counts what matching costs; for tests. */
export interface Meter {
  steps: number
}

/**
 * No legal image name (255), tag (128), digest or object name (253) is longer. A longer text matches nothing, so that
 * what a user writes cannot buy more work than this times the length of the glob.
 */
export const LONGEST_MATCHED = 1024

type Token =
  | { readonly is: 'character'; readonly code: number }
  | { readonly is: 'one' }
  | { readonly is: 'set'; readonly negated: boolean; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly is: 'run' }
  | { readonly is: 'anyRun' }

const SLASH = 47

/** Why a text is no glob, as the rest of a sentence about its field; undefined where it is one. */
export function globProblem(text: string): string | undefined {
  const tokens = tokenise(text)
  return typeof tokens === 'string' ? tokens : undefined
}

/** Compiles a glob. @throws Error where `globProblem` finds one */
export function compileGlob(text: string): Glob {
  const tokens = tokenise(text)
  if (typeof tokens === 'string') throw new Error(`the glob ${quoted(text)} ${tokens}`)
  const literal = leadingText(tokens)
  const ending = leadingText(tokens.toReversed()).split('').reverse().join('')
  const within = longestText(tokens)
  const plain = literal.length === tokens.length
  const any = tokens.length === 1 && tokens[0]?.is === 'anyRun'
  const anyPart = tokens.length === 1 && tokens[0]?.is === 'run'
  return Object.freeze({
    text,
    matches(candidate: string, meter?: Meter) {
      // Nearly all names are told apart by what stands before the first wildcard, behind the last or between two: an
      // object may have tens of thousands of images, a policy hundreds of globs, and the API server waits five seconds.
      if (candidate.length > LONGEST_MATCHED || !candidate.startsWith(literal)) return false
      if (!candidate.endsWith(ending) || !candidate.includes(within)) return false
      if (plain) return candidate.length === literal.length
      if (any) return true
      if (anyPart) return !candidate.includes('/')
      return run(tokens, literal.length, candidate, meter)
    },
  })
}

/** The characters up to the first wildcard. */
function leadingText(tokens: readonly Token[]): string {
  let prefix = ''
  for (const token of tokens) {
    if (token.is !== 'character') break
    prefix += String.fromCharCode(token.code)
  }
  return prefix
}

/** The longest run of characters that every match has somewhere; empty where the glob has wildcards only. */
function longestText(tokens: readonly Token[]): string {
  let longest = ''
  for (let at = 0; at < tokens.length; at++) {
    const text = leadingText(tokens.slice(at))
    if (text.length > longest.length) longest = text
    at += text.length
  }
  return longest
}

/**
 * Walks the text once and keeps the set of places in the pattern where a match may stand, instead of trying one way
 * and going back: the time is at most pattern × text, whatever both hold.
 */
function run(tokens: readonly Token[], start: number, text: string, meter?: Meter): boolean {
  const end = tokens.length
  let places = new Uint8Array(end + 1)
  let next = new Uint8Array(end + 1)
  places[start] = 1
  skipRuns(tokens, places)
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    let alive = false
    next.fill(0)
    for (let i = 0; i < end; i++) {
      if (meter) meter.steps++
      if (places[i] === 0) continue
      const token = tokens[i] as Token
      if (token.is === 'anyRun' || (token.is === 'run' && code !== SLASH)) next[i] = 1
      else if (takes(token, code)) next[i + 1] = 1
      else continue
      alive = true
    }
    if (!alive) return false
    skipRuns(tokens, next)
    const spent = places
    places = next
    next = spent
  }
  return places[end] === 1
}

/** A run may be empty: whoever stands before one also stands behind it. */
function skipRuns(tokens: readonly Token[], places: Uint8Array): void {
  for (let i = 0; i < tokens.length; i++) {
    const is = tokens[i]?.is
    if (places[i] === 1 && (is === 'run' || is === 'anyRun')) places[i + 1] = 1
  }
}

function takes(token: Token, code: number): boolean {
  switch (token.is) {
    case 'character':
      return token.code === code
    case 'one':
      return code !== SLASH
    case 'set':
      return code !== SLASH && token.ranges.some(([from, to]) => code >= from && code <= to) !== token.negated
    default:
      return false
  }
}

/** The tokens of a glob, or what is wrong with it. */
function tokenise(text: string): Token[] | string {
  if (text === '') return 'is empty'
  if (text.startsWith('!')) return 'begins with "!", but a glob cannot be negated: list what is meant'
  const tokens: Token[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (character === '*') {
      let stars = 1
      while (text[at + stars] === '*') stars++
      tokens.push({ is: stars === 1 ? 'run' : 'anyRun' })
      at += stars - 1
    } else if (character === '?') {
      tokens.push({ is: 'one' })
    } else if (character === '[') {
      const close = text.indexOf(']', at + 1)
      if (close < 0) return 'has a "[" without its "]"'
      const set = readSet(text.slice(at + 1, close))
      if (typeof set === 'string') return set
      tokens.push(set)
      at = close
    } else if (character === ']') {
      return 'has a "]" without its "["'
    } else if (character === '{' || character === '}') {
      return 'has a brace, which globs here do not know: write one glob for each alternative'
    } else if (/[^\w.:/@+-]/.test(character)) {
      return `holds ${quoted(character)}, which no name has`
    } else {
      tokens.push({ is: 'character', code: character.charCodeAt(0) })
    }
  }
  return tokens
}

/** The set between `[` and `]`, or what is wrong with it. */
function readSet(text: string): Token | string {
  const negated = text.startsWith('!')
  const body = negated ? text.slice(1) : text
  if (body.startsWith('^'))
    return `has ${quoted('[^')}: write ${quoted(`[!${body.slice(1)}]`)} for every other character`
  if (body === '') return `has an empty set [${text}]`
  if (/[^\w.-]/.test(body))
    return `has a set ${quoted(`[${text}]`)}: a set holds letters, digits, "_", "." and "-" only`
  const ranges: [number, number][] = []
  for (let i = 0; i < body.length; i++) {
    const from = body.charCodeAt(i)
    const isRange = body[i + 1] === '-' && i + 2 < body.length
    const to = isRange ? body.charCodeAt(i + 2) : from
    if (to < from) return `has the range ${body.slice(i, i + 3)}, which runs backwards`
    ranges.push([from, to])
    if (isRange) i += 2
  }
  return { is: 'set', negated, ranges }
}
