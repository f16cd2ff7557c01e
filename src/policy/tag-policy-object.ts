import { objectTree } from './object-tree.ts'
import { readTree } from './parse.ts'
import { PolicyError } from './problem.ts'
import { fieldName } from './quoted.ts'
import { API_VERSION, KIND, type TagPolicy, TagPolicySchema } from './schema.ts'

/**
 * Reads a TagPolicy as an API server has it: the parsed JSON of an object, of a list's item (which does not say of which kind
 * it is) or of an AdmissionReview. Only its name and its spec are looked at. Any shape is taken, none is trusted.
 * @throws PolicyError with every mistake; there are no lines in an object, so only fields are named
 */
export function readTagPolicyObject(object: unknown): TagPolicy {
  const { metadata, spec } = fieldsOf(object)
  const { name } = fieldsOf(metadata)
  const source = typeof name === 'string' ? `TagPolicy ${fieldName(name)}` : 'TagPolicy'
  const known = { apiVersion: API_VERSION, kind: KIND, metadata: { name }, spec }
  try {
    return readTree(objectTree(known, TagPolicySchema), source)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    const problems = error.problems.map(({ field, message }) => ({ field, message }))
    throw new PolicyError(source, problems)
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
