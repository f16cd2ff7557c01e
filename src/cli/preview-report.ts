import type { Preview } from '../preview/preview.ts'

/** What `preview` has to say; the formats print it. */
export interface PreviewReport {
  readonly preview: Preview
  /** With --group-by: counts by a label of the namespaces, the most denied first. */
  readonly groups?: {
    readonly label: string
    readonly rows: readonly { readonly value: string; readonly workloads: number; readonly denied: number }[]
  }
}

/** Prints a report, a whole text with its last newline. */
export type PreviewFormat = (report: PreviewReport) => string
