import t from 'tap'
import Type from 'typebox'
import { check } from '../../src/policy/check.ts'
import { yamlTree } from '../../src/policy/yaml-tree.ts'

const schema = Type.Object({
  a: Type.Optional(Type.Integer({ maximum: 5 })),
  list: Type.Optional(Type.Array(Type.Object({ b: Type.String() }), { maxItems: 3 })),
})

t.test('values, and where they stand', async (t) => {
  const text = 'a: 1\nlist:\n  - b: x\n'
  const tree = yamlTree(text)
  const { value, offsets } = check(tree, schema)
  t.same(value, { a: 1, list: [{ b: 'x' }] })
  t.equal(offsets.get('list[0].b'), text.indexOf('x'))
  t.same(tree.problems.inOrder(), [])
})

t.test('what is wrong is left out, and the rest keeps its place', async (t) => {
  const tree = yamlTree('a: 9\nlist: [{b: 1}, {b: ok}, {c: z}]\n')
  t.same(check(tree, schema).value, { list: [{}, { b: 'ok' }, {}] })
  t.same(
    tree.problems.inOrder().map(({ field }) => field),
    ['a', 'list[0].b', 'list[2].b', 'list[2].c'],
  )
})
