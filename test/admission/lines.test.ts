import fc from 'fast-check'
import t from 'tap'
import { COLUMNS, commented, wrap } from '../../src/admission/lines.ts'

t.test('prose is broken at the width, behind the same indent', async (t) => {
  const words = 'word '.repeat(30).trim()
  const lines = wrap(words, '    # ')
  t.equal(lines.length, 2)
  t.ok(lines.every((line) => line.startsWith('    # word') && line.length <= COLUMNS))
  t.equal(lines.map((line) => line.slice(6)).join(' '), words, 'nothing is lost')
})

t.test('a word that is longer than a line stays whole', async (t) =>
  t.same(wrap(`a ${'x'.repeat(120)} b`, '  '), ['  a', `  ${'x'.repeat(120)}`, '  b']),
)

t.test('no words, no lines', async (t) => t.same(wrap('', '  '), []))

t.test('wrapping loses no word', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b') })),
      (words) => wrap(words.join(' '), '').join(' ') === words.join(' '),
    ),
  )
})

const long = 'x'.repeat(90)
const cases: [what: string, yaml: string, remarks: string[], lines: string[]][] = [
  ['a value', 'image: a', [], ['  image: a']],
  ['a remark behind it', 'image: a', ['or b'], ['  image: a   # or b']],
  ['a second one below', 'image: a', ['1.2.3', 'or b'], ['  image: a   # 1.2.3', '  # or b']],
  ['no room behind it', `image: ${long}`, ['or b'], [`  image: ${long}`, '  # or b']],
]

for (const [what, yaml, remarks, lines] of cases) {
  t.test(what, async (t) => t.same(commented(yaml, remarks, '  '), lines))
}
