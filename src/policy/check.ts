import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Schema } from './json-schema.ts'
import { fieldName, quoted } from './quoted.ts'
import { expected, scalarProblem, shown, sourceOf } from './scalar-problem.ts'
import { begunBy, suggestion } from './suggestion.ts'
import type { YamlTree } from './yaml-tree.ts'

/** What was read. */
export interface Checked {
  /** The value; what was wrong in it is left out. */
  readonly value: unknown
  /** Where a field stands in the text: `spec.exemptions[0].name`. */
  readonly offsets: ReadonlyMap<string, number>
}

/** Checks a tree against a schema, as a person wrote it: every mistake is added to the tree's problems with its place. */
export function check(tree: YamlTree, root: Schema): Checked {
  const offsets = new Map<string, number>()
  const { problems } = tree
  const value = tree.root && visitNode(tree.root, root, '', tree.root.range?.[0] ?? 0)
  return { value, offsets }

  function visitNode(written: Node | null, schema: Schema, field: string, place: number): unknown {
    const node = isAlias(written) ? tree.resolve(written) : written
    offsets.set(field, place)
    if (node === undefined) return undefined // The alias was complained about before.
    const report = (message: string) => {
      problems.add(place, field, message)
      return undefined
    }
    if (node === null || (isScalar(node) && node.value === null)) {
      return report('is empty: give it a value, or remove it')
    }
    if (schema.type === 'object') {
      return isMap(node)
        ? visitMap(node, schema, field, place)
        : report(`must hold fields, not ${shown(node)}`)
    }
    if (schema.type === 'array') {
      if (isSeq(node)) return visitList(node, schema, field, place)
      return report(
        isScalar(node)
          ? `must be a list: write [${quoted(sourceOf(node))}]`
          : `must be a list, not ${shown(node)}`,
      )
    }
    if (!isScalar(node)) return report(`must be ${expected(schema)}, not ${shown(node)}`)
    const problem = scalarProblem(node, schema)
    return problem === undefined ? node.value : report(problem)
  }

  function visitMap(map: YAMLMap, schema: Schema, field: string, place: number): Record<string, unknown> {
    const properties = schema.properties ?? {}
    const result: Record<string, unknown> = {}
    const seen = new Map<string, number>()
    for (const { key, value } of map.items as Pair<Node, Node | null>[]) {
      const name = isScalar(key) ? sourceOf(key) : ''
      const path = field === '' ? fieldName(name) : `${field}.${fieldName(name)}`
      const keyPlace = key.range?.[0] ?? place
      const first = seen.get(name)
      if (first !== undefined) {
        problems.add(keyPlace, path, `is given twice, first on line ${problems.lineAt(first)}`)
        continue
      }
      seen.set(name, keyPlace)
      if (Object.hasOwn(properties, name)) {
        const at = isScalar(value) ? (value.range?.[0] ?? keyPlace) : keyPlace
        const read = visitNode(value, properties[name] as Schema, path, at)
        if (read !== undefined) result[name] = read
      } else if (!schema.additionalProperties) {
        problems.add(keyPlace, path, () => unknownField(name, Object.keys(properties), field, root))
      }
    }
    for (const name of schema.required ?? []) {
      if (!seen.has(name)) problems.add(place, field === '' ? name : `${field}.${name}`, 'is missing')
    }
    return result
  }

  function visitList(list: YAMLSeq, schema: Schema, field: string, place: number): unknown[] {
    const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items } = schema
    if (list.items.length < minItems) {
      problems.add(
        place,
        field,
        'is an empty list, which covers nothing: name something, or leave the field out',
      )
    }
    if (list.items.length > maxItems) {
      problems.add(place, field, `has ${list.items.length} entries; ${maxItems} is the most`)
      return []
    }
    // Indexes stay those of the text, so that later checks point at the right entry.
    return (list.items as Node[]).map((item, index) =>
      visitNode(item, items as Schema, `${field}[${index}]`, item?.range?.[0] ?? place),
    )
  }
}

function unknownField(name: string, known: readonly string[], field: string, root: Schema): string {
  if (name === '<<') return 'merge keys are not read: write the fields out'
  const what = field === 'spec.rules' ? 'rule' : 'field'
  const meant = suggestion(name, known) ?? begunBy(name, known)
  if (meant !== undefined) return `unknown ${what}: did you mean ${meant}?`
  const home = homeOf(name, root, '')
  if (home !== undefined) return `unknown ${what}: it belongs in ${home}`
  return `unknown ${what}: known here are ${known.join(', ')}`
}

/** The first place in a schema, outside of lists, that has a field of a name. */
function homeOf(name: string, schema: Schema, path: string): string | undefined {
  const properties = schema.properties ?? {}
  if (path !== '' && Object.hasOwn(properties, name)) return path
  for (const [key, part] of Object.entries(properties)) {
    const home = homeOf(name, part, path === '' ? key : `${path}.${key}`)
    if (home !== undefined) return home
  }
  return undefined
}
