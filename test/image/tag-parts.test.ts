import fc from 'fast-check'
import t from 'tap'
import { partsOf } from '../../src/image/tag-parts.ts'

const cases: [
  tag: string,
  components: string[],
  pieces: [text: string, word: string, numbers: number, tail: string][],
][] = [
  ['1.2.3', ['1', '2', '3'], [['1.2.3', '', 3, '']]],
  [
    'v1.2.3-Alpine3.19',
    ['v1', '2', '3', 'Alpine3', '19'],
    [
      ['v1.2.3', 'v', 3, ''],
      ['Alpine3.19', 'alpine', 2, ''],
    ],
  ],
  [
    'load-gen.1.2',
    ['load', 'gen', '1', '2'],
    [
      ['load', 'load', 0, ''],
      ['gen', 'gen', 0, ''],
      ['1.2', '', 2, ''],
    ],
  ],
  ['1.2.3rc1', ['1', '2', '3rc1'], [['1.2.3rc1', '', 3, 'rc1']]],
  ['8u202', ['8u202'], [['8u202', '8u', 1, '']]],
  ['k8s1.29', ['k8s1', '29'], [['k8s1.29', 'k8s', 2, '']]],
  [
    '2.x',
    ['2', 'x'],
    [
      ['2', '', 1, ''],
      ['x', 'x', 0, ''],
    ],
  ],
  [
    'a_b',
    ['a', 'b'],
    [
      ['a', 'a', 0, ''],
      ['b', 'b', 0, ''],
    ],
  ],
  [
    '1.',
    ['1', ''],
    [
      ['1', '', 1, ''],
      ['', '', 0, ''],
    ],
  ],
]
for (const [tag, components, pieces] of cases) {
  t.test(`cuts ${tag}`, async (t) => {
    const parts = partsOf(tag)
    t.same(parts.components, components)
    t.same(
      parts.lower,
      components.map((text) => text.toLowerCase()),
    )
    t.same(
      parts.pieces,
      pieces.map(([text, word, numbers, tail]) => ({ text, lower: text.toLowerCase(), word, numbers, tail })),
    )
  })
}

t.test('nothing but separators is lost', async () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/), (tag) => {
      const { components, pieces } = partsOf(tag)
      const bare = tag.replaceAll(/[-_.]/g, '')
      const together = pieces
        .map(({ text }) => text)
        .join('')
        .replaceAll('.', '')
      return components.join('') === bare && together === bare
    }),
  )
})
