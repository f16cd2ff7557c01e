import type { Schema } from './json-schema.ts'

/** A schema as a CustomResourceDefinition has it (apiextensions.k8s.io/v1 JSONSchemaProps). */
export type StructuralSchema = { readonly [keyword: string]: unknown }

/** Keywords that say the same there as here. */
const SAME = [
  'type',
  'description',
  'enum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
] as const

/** The formats that the API server checks, of those that are used here. */
const FORMATS: readonly string[] = ['date', 'date-time']

/** Keywords that are translated, and `problem`, which only tallyman's own validation can ask. */
const TRANSLATED = [
  'properties',
  'required',
  'additionalProperties',
  'items',
  'format',
  'keys',
  'rules',
  'problem',
]

/**
 * The structural schema of a schema. Unknown fields are kept beside the known ones: what the API server prunes nobody ever
 * hears of, and a mistyped `enforce` would be lost; tallyman refuses such a field by its name.
 * @throws Error for a schema that says what a structural schema cannot: a mistake of ours
 */
export function structuralSchema(schema: Schema, path = ''): StructuralSchema {
  const known: readonly string[] = [...SAME, ...TRANSLATED]
  const refuse = (what: string): never => {
    throw new Error(`${path || 'The schema'} has ${what}, which no structural schema can say`)
  }
  for (const keyword of Object.keys(schema)) if (!known.includes(keyword)) refuse(keyword)
  const { type, properties, required, items, format, keys, rules } = schema
  if (type === undefined) refuse('no type')
  if (format !== undefined && !FORMATS.includes(format)) refuse(`the format ${format}`)
  if ((type === 'object') !== (properties !== undefined))
    refuse('properties without being an object, or none')
  if ((type === 'array') !== (items !== undefined)) refuse('items without being an array, or none')
  if (type === 'array' && schema.maxItems === undefined)
    refuse('no maxItems, without which rules cost too much')
  if (keys !== undefined && !keys.every((key) => items?.required?.includes(key)))
    refuse('a key that is not required')

  return {
    ...Object.fromEntries(SAME.flatMap((word) => (schema[word] === undefined ? [] : [[word, schema[word]]]))),
    ...(format !== undefined && { format }),
    ...(required !== undefined && { required }),
    ...(items !== undefined && { items: structuralSchema(items, `${path}[]`) }),
    ...(type === 'array' && { 'x-kubernetes-list-type': keys === undefined ? 'atomic' : 'map' }),
    ...(keys !== undefined && { 'x-kubernetes-list-map-keys': keys }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, part]) => [name, structuralSchema(part, `${path}.${name}`)]),
      ),
      'x-kubernetes-preserve-unknown-fields': true,
    }),
    ...(rules !== undefined && { 'x-kubernetes-validations': rules }),
  }
}
