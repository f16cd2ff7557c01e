import t from 'tap'
import { row } from '../../src/cli/rows.ts'
import { plain } from '../../src/cli/terminal.ts'

t.test('a value hangs behind its name, as plain text', async (t) => {
  t.strictSame(row('why', 'it moves\u001b[2J', plain), ['  why         it moves\\u{1b}[2J'])
  const long = row('because', 'word '.repeat(40), plain)
  t.equal(long.length, 3)
  for (const line of long) t.ok(line.length <= 100)
  for (const line of long.slice(1)) t.match(line, /^ {14}word/)
})
