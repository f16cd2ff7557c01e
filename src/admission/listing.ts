import { plainText } from './plain-text.ts'
import { MAX_WARNING } from './warning-lines.ts'

/** `1 namespace`, `3,000 objects`. */
export function counted(count: number, noun: string): string {
  return `${numeral(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** `3,000`. */
export function numeral(count: number): string {
  return count.toLocaleString('en-US')
}

/**
 * As many names as there is room for: `a, b and 3 more`. Plain text of at most `room` characters.
 * @param names not trustworthy; at least one
 * @param count how many there are, where not all have a name here
 */
export function listed(names: readonly string[], room: number, count = names.length): string {
  let fitting: string | undefined
  const shown: string[] = []
  for (const name of names) {
    shown.push(plainText(name, room))
    const text = joined(shown, count - shown.length)
    // Once names alone are too long, no end makes them fit again.
    if (shown.join(', ').length > room) break
    if (text.length <= room) fitting = text
  }
  return fitting ?? plainText(joined(shown.slice(0, 1), count - 1), Math.max(room, 0))
}

/** A warning with as many names as there is room for between what is before and what is behind them. */
export function naming(before: string, names: readonly string[], after = ''): string {
  return `${before} ${listed(names, MAX_WARNING - before.length - after.length - 1)}${after}`
}

function joined(names: readonly string[], more: number): string {
  const parts = more > 0 ? [...names, `${numeral(more)} more`] : [...names]
  const last = parts.pop() ?? ''
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`
}
