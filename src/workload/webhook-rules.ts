import type { KindsTable } from './kinds.ts'

/** A rule of a ValidatingWebhookConfiguration (admissionregistration.k8s.io/v1 RuleWithOperations). */
export interface WebhookRule {
  readonly apiGroups: readonly string[]
  readonly apiVersions: readonly string[]
  readonly operations: readonly ('CREATE' | 'UPDATE')[]
  readonly resources: readonly string[]
  readonly scope: '*' | 'Namespaced' | 'Cluster'
}

/** The rules that make the API server send every kind of the table: one for each group, sorted. */
export function webhookRules(kinds: KindsTable): WebhookRule[] {
  throw new Error(`not written yet: ${kinds.all.length}`)
}
