import type { Policy } from './policy.ts'

/** One mistake in a policy. */
export interface PolicyProblem {
  /** Line from 1; undefined where the policy did not come as text. */
  readonly line?: number
  /** `spec.rules.latestTag`; empty for the document as a whole. */
  readonly field: string
  /** What is wrong, what was expected, and the cure: one sentence. */
  readonly message: string
}

/** A policy that was refused, with every mistake in it. `message` has a line for each: `FILE:LINE: FIELD: MESSAGE`. */
export class PolicyError extends Error {
  override name = 'PolicyError'
  readonly source: string
  readonly problems: readonly PolicyProblem[]

  constructor(source: string, problems: readonly PolicyProblem[]) {
    super(
      problems
        .map((p) =>
          [p.line === undefined ? source : `${source}:${p.line}`, p.field, p.message]
            .filter(Boolean)
            .join(': '),
        )
        .join('\n'),
    )
    this.source = source
    this.problems = problems
  }
}

/**
 * Reads a TagPolicy from YAML or JSON text.
 * @param source how messages name it: the file's path
 * @throws PolicyError
 */
export function parsePolicy(text: string, source: string): Policy {
  throw new Error(`not written yet: ${source} ${text.length}`)
}
