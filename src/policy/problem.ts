/** One mistake in a policy. */
export interface PolicyProblem {
  /** Line from 1; undefined where the policy did not come as text. */
  readonly line?: number
  /** `spec.rules.latestTag`; empty for the document as a whole. */
  readonly field: string
  /** What is wrong, what was expected, and the cure: one sentence. */
  readonly message: string
}

/** The mistakes of a policy as a person reads them, a line for each: `FILE:LINE: FIELD: MESSAGE`. */
export function describeProblems(source: string, problems: readonly PolicyProblem[]): string {
  return problems
    .map(({ line, field, message }) =>
      [line === undefined ? source : `${source}:${line}`, field, message].filter(Boolean).join(': '),
    )
    .join('\n')
}

/** A policy that was refused, with every mistake in it. `message` has a line for each: `FILE:LINE: FIELD: MESSAGE`. */
export class PolicyError extends Error {
  override name = 'PolicyError'
  readonly source: string
  readonly problems: readonly PolicyProblem[]

  constructor(source: string, problems: readonly PolicyProblem[]) {
    super(describeProblems(source, problems))
    this.source = source
    this.problems = problems
  }
}
