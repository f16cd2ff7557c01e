import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What only Helm gives a template; `{{ $labels.x }}` of Prometheus, `{{ .Alerts }}` and Argo's `{{inputs.x}}` are none. */
const HELM = /\{\{-?\s*(?:include\s|[^{}]*(?<!\w)\.(?:Values|Release|Chart|Capabilities|Files)\b)/

/** A line that begins with an action: no YAML reader takes it. */
const ACTION_LINE = /^\s*\{\{-?\s/m

/** Whether a text is a Helm template. @param parses whether it is YAML as it stands */
export function isHelmTemplate(text: string, parses: boolean): boolean {
  return HELM.test(text) || (!parses && ACTION_LINE.test(text))
}

/** The chart that a file belongs to: the nearest directory above it with a Chart.yaml. */
export function chartOf(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'Chart.yaml'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}
