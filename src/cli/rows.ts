import { wrap } from '../admission/lines.ts'
import { plainText } from '../admission/plain-text.ts'
import type { Paint } from './terminal.ts'

/** Where values begin. */
export const VALUE_COLUMN = 14

/** One name and its value, broken into lines behind a hanging indent. */
export function row(name: string, value: string, paint: Paint, column = VALUE_COLUMN): string[] {
  const indent = ' '.repeat(column)
  const [first = '', ...rest] = wrap(plainText(value), indent)
  return [`  ${paint('dim', name.padEnd(column - 2))}${first.slice(column)}`, ...rest]
}
