/** A tag cut into its parts. */
export interface TagParts {
  readonly tag: string
  /** What stands between `-`, `_` and `.`, as written. */
  readonly components: readonly string[]
  /** The same in lower case, for comparison with the word lists. */
  readonly lower: readonly string[]
  /** Components, but with the dots inside of a number kept: `php8.3`, `22.04`, `1.2.3rc1`. */
  readonly pieces: readonly Piece[]
}

/** A component that keeps its dotted number together with its word. */
export interface Piece {
  readonly text: string
  readonly lower: string
  /** The letters before the number, in lower case: `php` of `php8.3`; the whole text where there is no number. */
  readonly word: string
  /** The numbers of its dotted number: two of `php8.3`; none where there is no number. */
  readonly numbers: number
  /** What follows the number: `rc1` of `1.2.3rc1`. */
  readonly tail: string
}

const HYPHEN = 0x2d
const DOT = 0x2e
const UNDERSCORE = 0x5f
const WORD_AND_NUMBER = /^([a-z0-9]*[a-z])?(\d+(?:\.\d+)*)([a-z][a-z0-9.]*)?$/

/** Cuts a tag into components and pieces, in one pass: this runs for each image of each request. */
export function partsOf(tag: string): TagParts {
  const components: string[] = []
  const pieces: Piece[] = []
  let component = 0
  let piece = 0
  for (let at = 0; at <= tag.length; at += 1) {
    const code = tag.charCodeAt(at)
    if (at < tag.length && code !== HYPHEN && code !== DOT && code !== UNDERSCORE) continue
    components.push(tag.slice(component, at))
    component = at + 1
    // A dot between two digits belongs to a number.
    if (code === DOT && isDigit(tag.charCodeAt(at - 1)) && isDigit(tag.charCodeAt(at + 1))) continue
    pieces.push(pieceOf(tag.slice(piece, at)))
    piece = at + 1
  }
  return { tag, components, lower: components.map((text) => text.toLowerCase()), pieces }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function pieceOf(text: string): Piece {
  const lower = text.toLowerCase()
  const match = WORD_AND_NUMBER.exec(lower)
  if (match === null) return { text, lower, word: lower, numbers: 0, tail: '' }
  const [, word = '', number = '', tail = ''] = match
  return { text, lower, word, numbers: number.split('.').length, tail }
}
