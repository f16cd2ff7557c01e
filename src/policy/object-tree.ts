import { type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import type { Schema } from './json-schema.ts'
import { ProblemList } from './problem-list.ts'
import type { YamlTree } from './yaml-tree.ts'

/**
 * The tree that a text of the same value would have, without places in it. It goes as far as the schema does: what is below
 * an unknown field, in a list that is too long or where something else belongs is refused whatever it holds, so that no
 * value, however deep or wide, takes long.
 * @param value as of JSON.parse, and of any shape
 */
export function objectTree(value: object, schema: Schema): YamlTree {
  return { root: nodeOf(value, schema), problems: new ProblemList(() => 1), resolve: () => undefined }
}

function nodeOf(value: unknown, schema: Schema): Node {
  if (Array.isArray(value)) return listOf(value, schema)
  if (typeof value === 'object' && value !== null) return mapOf(value, schema)
  return new Scalar(value)
}

function listOf(values: readonly unknown[], { items, maxItems = Number.POSITIVE_INFINITY }: Schema): YAMLSeq {
  const list = new YAMLSeq()
  // The length of one that is too long is all that is said of it.
  if (items === undefined || values.length > maxItems) list.items.length = values.length
  else list.items = values.map((value) => nodeOf(value, items))
  return list
}

function mapOf(fields: object, { properties = {} }: Schema): YAMLMap {
  const map = new YAMLMap()
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined
    map.items.push(new Pair(new Scalar(name), schema && nodeOf(value, schema)))
  }
  return map
}
