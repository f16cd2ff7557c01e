import t from 'tap'
import { Check, Meta } from 'typebox/schema'
import { ClusterSchema } from '../../src/policy/cluster-schema.ts'
import { TagPolicySchema } from '../../src/policy/schema.ts'

/** What a structural schema of Kubernetes may hold; `keys` and `rules` have another name there. */
const KEYWORDS = [
  'type',
  'description',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'minItems',
  'maxItems',
  'enum',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'format',
  'keys',
  'rules',
]

interface Node {
  type?: string
  description?: string
  properties?: Record<string, Node>
  required?: string[]
  items?: Node
  [keyword: string]: unknown
}

/** The faults of a schema as a custom resource definition would have them. */
function faults(node: Node, path: string): string[] {
  const own = Object.keys(node)
    .filter((key) => !KEYWORDS.includes(key))
    .map((key) => `${path}: ${key}`)
  if (node.type === undefined) own.push(`${path}: no type`)
  if (path.startsWith('.spec') && !(node.description ?? '').endsWith('.')) own.push(`${path}: no description`)
  if (node.type === 'array' && node.maxItems === undefined) own.push(`${path}: no maxItems`)
  if (node.type === 'string' && node.enum === undefined && node.maxLength === undefined)
    own.push(`${path}: no maxLength`)
  const { required = [], properties = {} } = node
  own.push(
    ...required.filter((name) => !Object.hasOwn(properties, name)).map((name) => `${path}: no ${name}`),
  )
  if (path.startsWith('.spec') && node.additionalProperties !== undefined)
    own.push(`${path}: additionalProperties`)
  const parts = Object.entries(node.properties ?? {}).flatMap(([key, part]) => faults(part, `${path}.${key}`))
  return [...own, ...parts, ...(node.items ? faults(node.items, `${path}[]`) : [])]
}

t.test('the schema maps to a structural schema, and explains each field', async (t) => {
  const plain = JSON.parse(JSON.stringify(TagPolicySchema))
  t.same(faults(plain, ''), [])
  t.same(plain.properties.spec.properties.cluster, JSON.parse(JSON.stringify(ClusterSchema)))
})

t.test('the schema is a schema', async (t) => {
  // The draft that Kubernetes' own structural schemas come from (OpenAPI 3.0).
  const draft = Meta['http://json-schema.org/draft-04/schema#']
  t.ok(Check(draft, JSON.parse(JSON.stringify(TagPolicySchema))))
  t.notOk(Check(draft, { type: 'text' }))
  t.notOk(Check(draft, { type: 'object', required: [] }))
})

t.test('faults are found', async (t) => {
  t.same(faults({ anyOf: [], required: ['a', 'b'], properties: { a: { type: 'string' } } }, '.spec'), [
    '.spec: anyOf',
    '.spec: no type',
    '.spec: no description',
    '.spec: no b',
    '.spec.a: no description',
    '.spec.a: no maxLength',
  ])
})
