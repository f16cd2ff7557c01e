import { Document } from 'yaml'
import { readTree } from './parse.ts'
import { PolicyError } from './problem.ts'
import { ProblemList } from './problem-list.ts'
import { API_VERSION, KIND, type TagPolicy } from './schema.ts'

/**
 * Reads a TagPolicy as an API server has it: the parsed JSON of an object, of a list's item (which does not say of which kind
 * it is) or of an AdmissionReview. Only its name and its spec are looked at. Any shape is taken, none is trusted.
 * @throws PolicyError with every mistake; there are no lines in an object, so only fields are named
 */
export function readTagPolicyObject(object: unknown): TagPolicy {
  const { metadata, spec } = fieldsOf(object)
  const { name } = fieldsOf(metadata)
  const source = typeof name === 'string' ? `TagPolicy ${name}` : 'TagPolicy'
  try {
    return readTree(treeOf({ apiVersion: API_VERSION, kind: KIND, metadata: { name }, spec }), source)
  } catch (error) {
    if (error instanceof RangeError) {
      throw new PolicyError(source, [{ field: 'spec', message: 'is nested too deeply to be read' }])
    }
    if (!(error instanceof PolicyError)) throw error
    const problems = error.problems.map(({ field, message }) => ({ field, message }))
    throw new PolicyError(source, problems)
  }
}

/** The tree that a text of the same value would have, without places in it. */
function treeOf(value: object) {
  const { contents } = new Document(value, { aliasDuplicateObjects: false, keepUndefined: false })
  return { root: contents ?? undefined, problems: new ProblemList(() => 1), resolve: () => undefined }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
