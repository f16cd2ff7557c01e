import type { ApiClient } from './api-client.ts'

/** What is asked about: the resource, the verb, and where. */
export interface Action {
  readonly verb: string
  readonly resource: string
  readonly group?: string
  readonly namespace?: string
}

const GROUP = 'authorization.k8s.io/v1'

/** Whether a user may do something, as `kubectl auth can-i` asks it. */
export async function may(user: ApiClient, action: Action): Promise<boolean> {
  const { body } = await user.create(`/apis/${GROUP}/selfsubjectaccessreviews`, {
    apiVersion: GROUP,
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: action },
  })
  return (body as { status?: { allowed?: boolean } }).status?.allowed === true
}

/** Whether another user, in no group, may do something. Kinds that the API server does not know can be asked about, too. */
export async function userMay(admin: ApiClient, user: string, action: Action): Promise<boolean> {
  const { body } = await admin.create(`/apis/${GROUP}/subjectaccessreviews`, {
    apiVersion: GROUP,
    kind: 'SubjectAccessReview',
    spec: { user, resourceAttributes: action },
  })
  return (body as { status?: { allowed?: boolean } }).status?.allowed === true
}
