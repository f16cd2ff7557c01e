import type { ApiClient } from './api-client.ts'

/** What is asked about: the resource, the verb, and where. */
export interface Action {
  readonly verb: string
  readonly resource: string
  readonly group?: string
  readonly namespace?: string
}

/** Whether a user may do something, as `kubectl auth can-i` asks it. */
export async function may(user: ApiClient, action: Action): Promise<boolean> {
  const { body } = await user.create('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: action },
  })
  return (body as { status?: { allowed?: boolean } }).status?.allowed === true
}
