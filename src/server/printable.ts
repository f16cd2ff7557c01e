/** Control and format characters (terminal escapes, bidirectional marks), line and paragraph separators, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
const EACH_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu')

/** Text from outside, fit for a log or an answer: bounded, on one line, what cannot be seen written as `\u{1b}`. */
export function printable(text: string, limit = 256): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text
  if (!UNPRINTABLE.test(cut)) return cut
  return cut.replace(EACH_UNPRINTABLE, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`)
}
