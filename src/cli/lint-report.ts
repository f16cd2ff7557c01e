import type { Mode } from '../policy/mode.ts'
import type { LintFinding } from './lint-finding.ts'

/** What could not be read. */
export interface Unread {
  readonly file: string
  readonly line?: number
  readonly message: string
}

/** What lint has to say; the formats print it. */
export interface LintReport {
  readonly findings: readonly LintFinding[]
  readonly unread: readonly Unread[]
  /** Kubernetes objects, also those that have no containers. */
  readonly objects: number
  readonly images: number
}

/** Prints a report, a whole text with its last newline. */
export type Format = (report: LintReport) => string

export type Count = Readonly<Record<Exclude<Mode, 'disabled'>, number>>

/** How many findings there are of each mode. */
export function countByMode({ findings }: LintReport): Count {
  const count = { enforce: 0, warn: 0, audit: 0 }
  for (const { finding } of findings) if (finding.mode !== 'disabled') count[finding.mode] += 1
  return count
}

/** `1 image`, `2 images`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
