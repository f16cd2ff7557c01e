import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What only Helm gives a template; `{{ $labels.x }}` of Prometheus, `{{ .Alerts }}` and Argo's `{{inputs.x}}` are none. */
const HELM = /\{\{(?:-?\s*include\s|[^{}]*(?<!\w)\.(?:Values|Release|Chart|Capabilities|Files)\b)/

/** A line that begins with an action: no YAML reader takes it. */
const ACTION_LINE = /^[ \t]*\{\{-?\s/m

/** Whether a text holds what only Helm fills in. */
export function holdsHelm(text: string): boolean {
  return HELM.test(text)
}

/** Where a document that does not parse shows that it is a Helm template; -1 where nothing does. */
export function helmAt(text: string): number {
  const at = text.search(HELM)
  return at < 0 ? text.search(ACTION_LINE) : at
}

/** The chart that a file belongs to: the nearest directory above it with a Chart.yaml. */
export function chartOf(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'Chart.yaml'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}
