import fc from 'fast-check'
import t from 'tap'
import { counted, listed, numeral } from '../../src/admission/listing.ts'
import { isPlainLine } from './anything.ts'

t.test('numbers', async (t) => {
  t.equal(counted(1, 'namespace'), '1 namespace')
  t.equal(counted(0, 'namespace'), '0 namespaces')
  t.equal(counted(3000, 'object'), '3,000 objects')
  t.equal(numeral(1234567), '1,234,567')
})

const cases: [what: string, names: string[], room: number, count: number | undefined, text: string][] = [
  ['one', ['team-a'], 20, undefined, 'team-a'],
  ['two', ['a', 'b'], 20, undefined, 'a and b'],
  ['all that fit', ['a', 'b', 'c'], 10, undefined, 'a, b and c'],
  ['the last two do not', ['aaaa', 'bbbb', 'cccc'], 15, undefined, 'aaaa and 2 more'],
  ['the last one fits where its number would not', ['aaaa', 'b'], 10, undefined, 'aaaa and b'],
  ['more than have a name', ['a', 'b'], 20, 5, 'a, b and 3 more'],
  ['a name that is too long', ['a'.repeat(30), 'b'], 20, undefined, 'aaaaaaaaaaaaaaaaa...'],
  ['an odd name', ['a\u001b'], 20, undefined, 'a\\u{1b}'],
]
for (const [what, names, room, count, text] of cases)
  t.test(what, async (t) => t.equal(listed(names, room, count), text))

t.test('whatever the names are, it is plain and fits', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 80 }), { minLength: 1, maxLength: 50 }),
      fc.nat(300),
      fc.nat(100),
      (names, room, more) => {
        const text = listed(names, room, names.length + more)
        return isPlainLine(text) && text.length <= room
      },
    ),
  )
})
