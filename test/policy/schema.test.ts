import t from 'tap'
import { ClusterSchema } from '../../src/policy/cluster-schema.ts'
import { TagPolicySchema } from '../../src/policy/schema.ts'

/** What a structural schema of Kubernetes may hold, and typebox may write. */
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
]

interface Node {
  type?: string
  description?: string
  properties?: Record<string, Node>
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

t.test('faults are found', async (t) => {
  t.same(faults({ anyOf: [], properties: { a: { type: 'string' } } }, '.spec'), [
    '.spec: anyOf',
    '.spec: no type',
    '.spec: no description',
    '.spec.a: no description',
    '.spec.a: no maxLength',
  ])
})
