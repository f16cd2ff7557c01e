import { check } from './check.ts'
import { checkCoherence } from './coherence.ts'
import { compilePolicy } from './compile.ts'
import type { Policy } from './policy.ts'
import { PolicyError } from './problem.ts'
import { type TagPolicy, TagPolicySchema } from './schema.ts'
import { checkSize } from './spec-size.ts'
import { type YamlTree, yamlTree } from './yaml-tree.ts'

export { PolicyError, type PolicyProblem } from './problem.ts'

/**
 * Reads a TagPolicy from YAML or JSON text.
 * @param source how messages name it: the file's path
 * @throws PolicyError
 */
export function parsePolicy(text: string, source: string): Policy {
  return compilePolicy(readTagPolicy(text, source))
}

/**
 * Reads a TagPolicy as it is written, with nothing filled in.
 * @throws PolicyError with every mistake, in the order of the text
 */
export function readTagPolicy(text: string, source: string): TagPolicy {
  return readTree(yamlTree(text), source)
}

/** Reads a TagPolicy from a tree. @throws PolicyError with every mistake, in the order of the tree */
export function readTree(tree: YamlTree, source: string): TagPolicy {
  const checked = check(tree, TagPolicySchema)
  checkCoherence(checked, tree.problems)
  checkSize(checked, tree.problems)
  let problems = tree.problems.inOrder()
  // Another kind of object has other fields: that they are unknown here is no news.
  if (problems.some(({ field }) => field === 'kind')) {
    problems = problems.filter(({ field }) => /^(apiVersion|kind)?$/.test(field))
  }
  if (problems.length > 0) throw new PolicyError(source, problems)
  return checked.value as TagPolicy
}
