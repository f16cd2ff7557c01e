import t from 'tap'
import { type Alias, isMap } from 'yaml'
import { LONGEST_POLICY, yamlTree } from '../../src/policy/yaml-tree.ts'

t.test('one document, whatever empty ones surround it', async (t) => {
  for (const text of ['a: 1', '---\na: 1\n---\n', '# first\n---\na: 1\n...\n', '{"a": 1}', '\ufeffa: 1']) {
    const tree = yamlTree(text)
    t.same(tree.problems.inOrder(), [], JSON.stringify(text))
    t.ok(isMap(tree.root))
  }
})

t.test('texts that cannot be read have no tree', async (t) => {
  for (const text of ['', '# nothing', 'a: [', 'a: "', `#${'x'.repeat(LONGEST_POLICY)}`]) {
    const tree = yamlTree(text)
    t.equal(tree.root, undefined)
    t.equal(tree.problems.inOrder().length, 1)
  }
  t.equal(yamlTree(`#${'ü'.repeat(LONGEST_POLICY / 2)}`).root, undefined, 'bytes are counted')
})

t.test('an alias means the last anchor before it', async (t) => {
  const tree = yamlTree('a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: *y\n')
  const values = isMap(tree.root) ? tree.root.items.map(({ value }) => value as Alias) : []
  t.same(
    [values[1], values[3]].map((alias) => tree.resolve(alias as Alias)?.toJSON()),
    [1, 2],
  )
  t.same(tree.problems.inOrder(), [
    { line: 5, field: '', message: 'is not YAML: no anchor &y stands before the alias *y' },
  ])
})
