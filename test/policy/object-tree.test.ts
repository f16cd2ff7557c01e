import t from 'tap'
import { Document, isMap, isSeq, type Pair, type YAMLMap } from 'yaml'
import type { Schema } from '../../src/policy/json-schema.ts'
import { objectTree } from '../../src/policy/object-tree.ts'

const text: Schema = { type: 'string', maxLength: 5 }
const schema: Schema = {
  type: 'object',
  properties: {
    word: text,
    list: { type: 'array', maxItems: 2, items: { type: 'object', properties: { word: text } } },
  },
}

/** What a tree says, as the same value in a text would. */
function asRead(value: object): unknown {
  return new Document(objectTree(value, schema).root).toJS()
}

const CASES: [what: string, value: object, tree?: unknown][] = [
  ['fields that are known', { word: 'a', list: [{ word: 'b' }, {}] }],
  ['scalars of each kind', { list: [{ word: 1.5 }, { word: true }], word: null }],
  ['nothing', {}],
  ['a list in place of all', []],
  ['what is not there', { word: undefined }, {}],
  ['an unknown field: only its name', { list: [{ worth: { a: 1 } }] }, { list: [{ worth: null }] }],
  ['fields in place of a text: only that they are fields', { word: { a: 1 } }, { word: { a: null } }],
  ['a list in place of a text: only its length', { word: ['a', ['b']] }, { word: [undefined, undefined] }],
]
for (const [what, value, tree = value] of CASES) {
  t.test(what, async (t) => t.strictSame(asRead(value), tree))
}

t.test('names that every object has are names like others', async (t) => {
  const { root } = objectTree(JSON.parse('{"__proto__":{"a":1},"constructor":2}'), schema)
  t.strictSame(
    (root as YAMLMap).items.map(({ key, value }: Pair) => [String(key), value ?? null]),
    [
      ['__proto__', null],
      ['constructor', null],
    ],
  )
})

t.test('of a list that is too long nothing but the length', async (t) => {
  const { root } = objectTree({ list: [{}, {}, { word: 'a' }] }, schema)
  const list = isMap(root) ? root.get('list') : undefined
  t.ok(isSeq(list))
  t.equal(isSeq(list) && list.items.length, 3)
  t.same(isSeq(list) && Object.keys(list.items), [])
})

t.test('what is nested without end where nothing is known', async (t) => {
  let deep: object = {}
  for (let depth = 0; depth < 100_000; depth++) deep = { a: deep }
  t.strictSame(asRead({ a: deep }), { a: null })
})
