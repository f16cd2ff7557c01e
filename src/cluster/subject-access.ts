import type { Place } from '../admission/cluster-view.ts'
import type { UserInfo } from '../admission/review.ts'
import type { Api } from './api.ts'

const PATH = '/apis/authorization.k8s.io/v1/subjectaccessreviews'

/** An answer to a change waits for it, for as long as for the preview before; together they leave half of the API server's 5 s. */
const DEADLINE_MS = 1_000

/**
 * Whether a user may list a resource in a namespace. No, where the API server does not say in time, or not to tallyman: then
 * nobody is told a name that they might not be allowed to read.
 */
export async function mayList(api: Api, user: UserInfo, place: Place): Promise<boolean> {
  const { username, ...known } = user
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      ...known,
      user: username,
      resourceAttributes: { verb: 'list', ...place },
    },
  }
  try {
    const answer = await api.send('POST', PATH, review, { timeoutMs: DEADLINE_MS })
    return (answer as { status?: { allowed?: unknown } }).status?.allowed === true
  } catch {
    return false
  }
}
