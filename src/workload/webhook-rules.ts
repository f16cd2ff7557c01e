import type { KindsTable } from './kinds.ts'

/** A rule of a ValidatingWebhookConfiguration (admissionregistration.k8s.io/v1 RuleWithOperations). */
export interface WebhookRule {
  readonly apiGroups: readonly string[]
  readonly apiVersions: readonly string[]
  readonly operations: readonly ('CREATE' | 'UPDATE')[]
  readonly resources: readonly string[]
  readonly scope: '*' | 'Namespaced' | 'Cluster'
}

/**
 * The rules that make the API server send every kind of the table: one for each group, sorted.
 * DELETE has nothing to judge and is not asked for. Scope `*`, because some kinds (ClusterWorkflowTemplate) are of
 * cluster scope.
 */
export function webhookRules(kinds: KindsTable): WebhookRule[] {
  return [...Map.groupBy(kinds.all, ({ group }) => group)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, members]) => {
      const versions = sorted(members.flatMap((kind) => kind.versions))
      return {
        apiGroups: [group],
        apiVersions: versions.includes('*') ? ['*'] : versions,
        operations: ['CREATE', 'UPDATE'],
        resources: sorted(members.flatMap((kind) => [kind.resource, ...kind.subresources])),
        scope: '*',
      }
    })
}

/** Each once, in the order of their text. */
function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort()
}
