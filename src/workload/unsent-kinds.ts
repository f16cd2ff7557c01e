import type { KindsTable, WorkloadKind } from './kinds.ts'

/** The part of a rule of a ValidatingWebhookConfiguration that decides what is sent; of any shape, as it comes from a cluster. */
export interface SentRule {
  readonly apiGroups?: readonly string[]
  readonly operations?: readonly string[]
  readonly resources?: readonly string[]
}

/**
 * The kinds of a table of which the API server does not send everything, by the rules of a webhook entry: CREATE and UPDATE, and of
 * a subresource (kubectl debug) UPDATE. Of a
 * rule's versions nothing is asked: an entry with matchPolicy Equivalent gets what comes in another one too. What is sent
 * although nothing is to be judged in it, such as DELETE, is no matter.
 * Source of `*`: admissionregistration.k8s.io/v1 Rule.
 */
export function unsentKinds(rules: readonly SentRule[], kinds: KindsTable): WorkloadKind[] {
  const sent = (group: string, resource: string, operation: string) =>
    rules.some(
      ({ apiGroups = [], operations = [], resources = [] }) =>
        (apiGroups.includes(group) || apiGroups.includes('*')) &&
        (operations.includes(operation) || operations.includes('*')) &&
        resources.some((pattern) => covers(pattern, resource)),
    )
  return kinds.all.filter(
    ({ group, resource, subresources }) =>
      !sent(group, resource, 'CREATE') ||
      ![resource, ...subresources].every((each) => sent(group, each, 'UPDATE')),
  )
}

/** `*` stands for every resource without its subresources, `pods/*` for Pods and all of theirs, a name in place of either for itself. */
function covers(pattern: string, resource: string): boolean {
  const [ownName, ownSub] = resource.split('/')
  const [name, sub] = pattern.split('/')
  return (name === '*' || name === ownName) && (sub === '*' || sub === ownSub)
}
