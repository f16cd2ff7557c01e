import fc from 'fast-check'
import t from 'tap'
import { Check } from 'typebox/schema'
import { check } from '../../src/policy/check.ts'
import type { Schema } from '../../src/policy/json-schema.ts'
import { TagPolicySchema } from '../../src/policy/schema.ts'
import { yamlTree } from '../../src/policy/yaml-tree.ts'
import { tagPolicies } from './tag-policies.ts'

const schema: Schema = {
  type: 'object',
  properties: {
    a: { type: 'integer', maximum: 5 },
    list: {
      type: 'array',
      items: { type: 'object', required: ['b'], properties: { b: { type: 'string' } } },
      maxItems: 3,
    },
  },
}

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

/** The keywords alone (JSON leaves functions out), with each object closed as `check` reads it. */
const keywords = JSON.parse(JSON.stringify(TagPolicySchema), (key, value) => {
  if (key === 'format') return undefined // A matter of `problem`.
  return value?.type === 'object' ? { additionalProperties: false, ...value } : value
})

/** Of every type, and beyond the bounds; undefined takes the place away. */
const SPOILERS = [
  undefined,
  null,
  true,
  -1,
  1,
  1.5,
  4000,
  '',
  'x',
  'x'.repeat(600),
  [],
  ['x'],
  Array(600).fill('x'),
  {},
  { x: 1 },
]

t.test('keywords mean what they mean to typebox', async (t) => {
  const verdicts = new Set<boolean>()
  fc.assert(
    fc.property(
      tagPolicies,
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(...SPOILERS),
      (policy, place, spoiler) => {
        let visited = 0
        const text = JSON.stringify(policy, (_, value) => (visited++ === place ? spoiler : value))
        const tree = yamlTree(text)
        check(tree, keywords)
        const good = tree.problems.inOrder().length === 0
        verdicts.add(good)
        return good === Check(keywords, JSON.parse(text))
      },
    ),
    { numRuns: 500 },
  )
  t.equal(verdicts.size, 2, 'some are good, some are not')
})
