import t from 'tap'
import { aligned } from '../../src/cli/aligned.ts'

const lines = (...given: Parameters<typeof aligned>) => aligned(...given).map((row) => row.join('|'))

t.test('each column is as wide as its widest cell', async (t) => {
  t.strictSame(
    lines([
      ['NAME', 'KIND'],
      ['a', 'Deployment'],
    ]),
    ['NAME|KIND      ', 'a   |Deployment'],
  )
})

t.test('numbers end at one place', async (t) => {
  t.strictSame(
    lines(
      [
        ['team', 'count'],
        ['vision', '1,200'],
        ['', '7'],
      ],
      true,
    ),
    ['team  |count', 'vision|1,200', '      |    7'],
  )
})

t.test('a long cell stays whole, and widens nobody else', async (t) => {
  const long = 'x'.repeat(60)
  t.strictSame(
    lines([
      [long, 'a'],
      ['b', 'c'],
    ]),
    [`${long}|a`, `${'b'.padEnd(40)}|c`],
  )
})

t.test('no rows', async (t) => t.strictSame(aligned([]), []))
