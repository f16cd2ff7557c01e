/** Characters of a value that a message shows: enough to recognise it, little enough for the message to stay readable. */
const SHOWN = 40

/** A value somebody wrote, as messages show it: in quotes, cut when long, and with nothing in it that a terminal or a log would act on. */
export function quoted(text: string): string {
  // Cut between code points, so that no half of a surrogate pair is printed.
  const head = Array.from(text.slice(0, SHOWN + 1))
    .slice(0, SHOWN)
    .join('')
  return `"${plain(head)}${head.length < text.length ? '…' : ''}"`
}

/** The same text with control, format and lone surrogate characters, quotes and backslashes written as escapes. */
function plain(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}"\\]/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`
    if (character === '\n') return '\\n'
    if (character === '\t') return '\\t'
    return `\\u{${character.codePointAt(0)?.toString(16)}}`
  })
}

/** A field's own name as a path shows it: as it is where it looks like one, else in quotes. */
export function fieldName(key: string): string {
  return /^[A-Za-z0-9_$./-]{1,60}$/.test(key) ? key : quoted(key)
}
