import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEPLOY, manifest } from './manifests.ts'

/** An alert of deploy/components/monitoring. */
export interface Alert {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook: string }
}

/** The rule groups, as a rule file of Prometheus holds them. */
export const ruleGroups: readonly { readonly name: string; readonly rules: readonly Alert[] }[] = manifest(
  'components/monitoring/prometheus-rule.yaml',
)[0].spec.groups

export const alerts: readonly Alert[] = ruleGroups.flatMap(({ rules }) => rules)

interface Panel {
  readonly title: string
  readonly targets: readonly { readonly expr: string }[]
}

/** The dashboard of deploy/components/dashboard. */
export const dashboard: { readonly uid: string; readonly panels: readonly Panel[] } = JSON.parse(
  readFileSync(join(DEPLOY, 'components/dashboard/tallyman.json'), 'utf8'),
)

/** A question of the dashboard, with the title of its panel. */
export interface DashboardQuery {
  readonly title: string
  readonly expr: string
}

/** What the dashboard asks Prometheus. @param range put in for Grafana's intervals, such as `1m` */
export function queriesOf(range: string): readonly DashboardQuery[] {
  const filled = (expr: string) => expr.replaceAll(/\$__(?:rate_interval|range)\b/g, range)
  return dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ title, expr: filled(expr) })),
  )
}

export const dashboardQueries = queriesOf('1m')

/** The names of metrics that an expression asks for: what stands before a selector or a range, or alone as an operand. */
export function metricsIn(expr: string): string[] {
  return [...new Set(expr.match(/\b(?:tallyman|process|nodejs|apiserver|kube)_[a-z_0-9]+\b/g))]
}
