import t from 'tap'
import { customResourceDefinition, TAG_POLICIES_PATH } from '../../src/policy/custom-resource.ts'

// The API server itself has the last word on it: test/e2e/tag-policies.e2e.ts.
type Part = Readonly<Record<string, unknown>>

function parts(value: unknown, path = ''): [path: string, part: Part][] {
  if (typeof value !== 'object' || value === null) return []
  const here: [string, Part][] = Array.isArray(value) ? [] : [[path, value as Part]]
  return [...here, ...Object.entries(value).flatMap(([key, part]) => parts(part, `${path}.${key}`))]
}

const definition = customResourceDefinition()
const all = parts(definition)

t.test('it has no defaults', async (t) => {
  t.strictSame(
    all.filter(([path, part]) => 'default' in part && !path.endsWith('.properties')).map(([path]) => path),
    [],
  )
})

t.test('every field says what it is, so that kubectl explain does', async (t) => {
  const fields = all.filter(
    ([path, part]) => /\.properties\.[^.]+$/.test(path) && typeof part.type === 'string',
  )
  t.ok(fields.length > 60)
  const silent = fields.filter(([, { description }]) => typeof description !== 'string').map(([path]) => path)
  t.strictSame(
    silent.map((path) => path.replace(/^.*openAPIV3Schema\.properties\./, '')),
    ['metadata'],
  )
})

t.test('unknown fields are kept in every part of the spec', async (t) => {
  const objects = all.filter(([path, part]) => path.includes('.properties.spec') && part.type === 'object')
  t.ok(objects.length > 8)
  for (const [path, part] of objects) t.equal(part['x-kubernetes-preserve-unknown-fields'], true, path)
})

t.test('where the API server has them', async (t) => {
  t.equal(TAG_POLICIES_PATH, '/apis/tallyman.dev/v1alpha1/tagpolicies')
})
