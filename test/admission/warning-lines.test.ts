import fc from 'fast-check'
import t from 'tap'
import { boundedLines, fittingLines, type Room, roomBeside } from '../../src/admission/warning-lines.ts'

const told = (items: readonly string[], room?: Room) =>
  fittingLines(items, { lineOf: (item) => item, restOf: (rest) => `${rest} more` }, room)

const cases: [what: string, items: string[], room: Room, lines: string[]][] = [
  ['nothing', [], { lines: 2, characters: 10 }, []],
  ['all that fits', ['aaaa', 'bbbb'], { lines: 2, characters: 10 }, ['aaaa', 'bbbb']],
  ['one line too many', ['a', 'b', 'c'], { lines: 2, characters: 99 }, ['a', '2 more']],
  ['a character too many', ['aaaa', 'bbbbb'], { lines: 3, characters: 10 - 1 }, ['2 more']],
  ['room for the count is kept', ['aaaa', 'bbbb', 'cccc'], { lines: 3, characters: 11 }, ['aaaa', '2 more']],
  ['no room at all', ['a'], { lines: 0, characters: 99 }, []],
]
for (const [what, items, room, lines] of cases) t.test(what, async (t) => t.same(told(items, room), lines))

t.test('an item may be about several things', async (t) =>
  t.same(
    fittingLines(
      [3, 4, 5],
      { lineOf: String, restOf: (rest) => `${rest} more`, sizeOf: Number },
      { lines: 2, characters: 99 },
    ),
    ['3', '9 more'],
  ),
)

t.test('what some lines leave', async (t) => {
  t.same(roomBeside([]), { lines: 10, characters: 2_000 })
  t.same(roomBeside(['abc', 'de']), { lines: 8, characters: 1_995 })
})

t.test('an answer is never longer than it may be', async () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 256 }), { maxLength: 30 }), (items) => {
      const lines = told(items)
      return lines.length <= 10 && lines.join('').length <= 2_000
    }),
  )
})

t.test('lines that are too many for an answer', async (t) => {
  const lines = Array.from({ length: 12 }, (_, index) => `line ${index}`)
  t.same(boundedLines('Namespace/a', lines.slice(0, 10)), lines.slice(0, 10))
  t.same(boundedLines('Namespace/a', lines), [...lines.slice(0, 9), 'Namespace/a: 3 more warnings'])
})
