import { isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml'
import type { Schema } from './json-schema.ts'
import { quoted } from './quoted.ts'
import { suggestion } from './suggestion.ts'

/** Words that YAML 1.1 reads as a truth value and YAML 1.2 as text. kubectl reads 1.1. */
const TRUTHS_OF_YAML_1_1 = /^(?:(on|yes|y)|(off|no|n))$/i

/** What is wrong with a scalar, as the rest of a sentence about its field. */
export function scalarProblem(node: Scalar, schema: Schema): string | undefined {
  const { value } = node
  const truth = node.type === 'PLAIN' ? TRUTHS_OF_YAML_1_1.exec(sourceOf(node)) : null
  if (schema.type === 'boolean') {
    if (truth) return `must be true or false: write ${truth[1] ? 'true' : 'false'}`
    return typeof value === 'boolean' ? undefined : `must be true or false, not ${shown(node)}`
  }
  if (schema.type === 'integer') return integerProblem(node, schema)
  if (truth) {
    const read = `kubectl reads ${truth[0]} as ${truth[1] ? 'true' : 'false'}`
    if (schema.enum) return `${read}; ${wordCure(truth[0], schema.enum) ?? `write ${expected(schema)}`}`
    return `quote it, "${truth[0]}": ${read}`
  }
  if (schema.enum) {
    if (schema.enum.includes(value as string)) return undefined
    const cure = wordCure(String(value), schema.enum)
    return cure ? `there is no ${shown(node)}: ${cure}` : `must be ${expected(schema)}, not ${shown(node)}`
  }
  if (typeof value !== 'string') {
    // What it would be as text says more than that it is none: 24 lacks a unit, 20261207 is no date.
    return schema.problem?.(sourceOf(node)) ?? `must be text: quote it, "${shown(node)}"`
  }
  if (value.length < (schema.minLength ?? 0)) return 'is an empty text'
  if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) {
    return `has ${value.length} characters; ${schema.maxLength} is the most`
  }
  return schema.problem?.(value)
}

function integerProblem(node: Scalar, { minimum, maximum }: Schema): string | undefined {
  const { value } = node
  if (typeof value !== 'number' || !Number.isInteger(value))
    return `must be a whole number, not ${shown(node)}`
  if (minimum !== undefined && value < minimum) return `must be at least ${minimum}, not ${value}`
  if (maximum !== undefined && value > maximum) return `must be at most ${maximum}, not ${value}`
  return undefined
}

/** What somebody probably meant by a word that is none of the known ones. */
function wordCure(word: string, known: readonly string[]): string | undefined {
  if (known.includes('disabled') && /^(off|no|n|false|none|never)$/i.test(word))
    return 'the mode is called disabled'
  const meant = suggestion(word, known)
  return meant && `did you mean ${meant}?`
}

/** What a field holds, for a sentence. */
export function expected({ type, enum: words }: Schema): string {
  if (words) return words.length === 1 ? (words[0] as string) : `one of ${words.join(', ')}`
  return {
    object: 'fields',
    array: 'a list',
    string: 'text',
    integer: 'a whole number',
    boolean: 'true or false',
  }[type]
}

/** A value as a message shows it: texts in quotes, anything long cut. */
export function shown(node: Node): string {
  if (isMap(node)) return 'fields'
  if (isSeq(node)) return 'a list'
  if (!isScalar(node)) return 'an alias'
  return typeof node.value === 'string' ? quoted(node.value) : quoted(sourceOf(node)).slice(1, -1)
}

/** A scalar as it is written, without its quotes. It may hold anything: only `shown` is safe to print. */
export function sourceOf(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
}
