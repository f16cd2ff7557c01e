import type { PolicyProblem } from './problem.ts'

/** More than anybody mends before the next try; the rest is counted. It also bounds the work on a text that is none. */
export const MAX_PROBLEMS = 100

/** Collects the mistakes of a text and puts them in its order. */
export class ProblemList {
  readonly #lineAt: (offset: number) => number
  readonly #found: { offset: number; field: string; message: string }[] = []
  #more = 0

  /** @param lineAt the line of a place in the text, from 1 */
  constructor(lineAt: (offset: number) => number) {
    this.#lineAt = lineAt
  }

  /** @param message made only where there is room for it */
  add(offset: number, field: string, message: string | (() => string)): void {
    if (this.#found.length === MAX_PROBLEMS) this.#more++
    else this.#found.push({ offset, field, message: typeof message === 'string' ? message : message() })
  }

  lineAt(offset: number): number {
    return this.#lineAt(offset)
  }

  inOrder(): PolicyProblem[] {
    const problems: PolicyProblem[] = this.#found
      .toSorted((a, b) => a.offset - b.offset)
      .map(({ offset, field, message }) => ({ line: this.#lineAt(offset), field, message }))
    if (this.#more > 0) problems.push({ field: '', message: `and ${this.#more} more mistakes` })
    return problems
  }
}
