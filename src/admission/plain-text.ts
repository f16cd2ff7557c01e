/** Marks where text was left out. */
const CUT = '...'

/** Everything that a terminal, a log or a header shows as itself. */
const PLAIN = /^[\x20-\x7e]*$/

/** A cut looks back at most so far for the end of a word: longer words are rare, and then a cut word says more than none. */
const LONGEST_WORD = 40

/** What may stand behind a whole word of a sentence or of an image reference. */
const WORD_END = /[ /:;,@._-]/

/**
 * Untrusted text as one line of printable ASCII, at most `max` characters long.
 *
 * Names and references in Kubernetes are ASCII. Whatever else stands in one is a mistake, a look-alike letter or
 * an attempt to forge output, so the reader is shown which character it is: `\u{1b}`. This takes in control
 * characters, terminal escapes, line separators, invisible and bidirectional characters and lone surrogates,
 * without a list of them that could be incomplete. What is too long ends in `...`, behind a whole word where
 * one ends near, and never inside a character. Time O(max).
 */
export function plainText(text: string, max = Number.POSITIVE_INFINITY): string {
  if (text.length <= max && PLAIN.test(text)) return text
  return bounded(text, max, (character) => character === ' ' || (character > ' ' && character <= '~'))
}

/**
 * Text that a policy owner wrote, as one line in any script, at most `max` characters long: letters, digits,
 * marks and signs stay; what cannot be seen, or changes how the rest is seen, is escaped as in plainText.
 */
export function printableText(text: string, max = Number.POSITIVE_INFINITY): string {
  return bounded(text, max, (character) => character === ' ' || !UNSEEN.test(character))
}

/** Controls, formats, surrogates, private and unassigned ones, separators, whatever may be ignored, and a blank that counts as a sign. */
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u

function bounded(text: string, max: number, seen: (character: string) => boolean): string {
  let out = ''
  /** How much of `out` still leaves room for the mark of a cut. */
  let fits = 0
  for (const character of text) {
    const piece = seen(character) ? character : character === '…' ? CUT : escaped(character)
    if (out.length + piece.length > max) return cutAfterWord(out.slice(0, fits)) + CUT.slice(0, max)
    out += piece
    if (out.length + CUT.length <= max) fits = out.length
  }
  return out
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`
}

function cutAfterWord(text: string): string {
  for (let end = text.length; end > Math.max(0, text.length - LONGEST_WORD); end--)
    if (WORD_END.test(text.charAt(end - 1))) return text.slice(0, end).trimEnd()
  return text
}
