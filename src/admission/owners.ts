import type { Policy } from '../policy/policy.ts'
import { BUILT_IN_CONTROLLERS } from '../workload/built-in-controllers.ts'
import { objectMeta } from '../workload/object-meta.ts'
import { serviceAccountNamespace } from './requester.ts'
import type { AdmissionRequest } from './review.ts'

/** How kube-controller-manager calls itself where its controllers have no service accounts of their own. */
const CONTROLLER_MANAGER = 'system:kube-controller-manager'

/** Where the service accounts of the built-in controllers are. */
const CONTROLLERS_GROUP = 'system:serviceaccounts:kube-system'

/**
 * Whether a controller makes this object on behalf of another one, so that a denial would only keep it from
 * replacing what already runs. The owner reference alone earns nothing: anybody can write one, so the user has
 * to be a controller too.
 */
export function isOwned(request: AdmissionRequest, policy: Policy): boolean {
  const owner = objectMeta(request.object).controller
  if (owner === undefined) return false
  const { kinds, controllers, trustedControllers } = policy.cluster
  // Its placeholders have values only in its Pods: this is the first time that such an image is seen.
  if (isPod(request) && kinds.find(owner.group, owner.kind)?.substitution !== undefined) return false
  const { username } = request.userInfo
  if (trustedControllers.includes(username)) return true
  if (controllers === 'builtIn') return isBuiltIn(request, owner)
  return username === CONTROLLER_MANAGER || isForeign(username, request.namespace)
}

function isPod({ kind }: AdmissionRequest): boolean {
  return kind.group === '' && kind.kind === 'Pod'
}

function isBuiltIn(request: AdmissionRequest, owner: { group: string; kind: string }): boolean {
  const { username, groups } = request.userInfo
  const owning = `${owner.group}/${owner.kind}`
  const made = `${request.kind.group}/${request.kind.kind}`
  return BUILT_IN_CONTROLLERS.some(
    ([account, by, object]) =>
      by === owning &&
      object === made &&
      (username === CONTROLLER_MANAGER ||
        (groups.includes(CONTROLLERS_GROUP) && username === `system:serviceaccount:kube-system:${account}`)),
  )
}

/** Whether a service account of another namespace asks: who may act here from there was installed for the cluster. */
function isForeign(username: string, namespace = ''): boolean {
  const home = serviceAccountNamespace(username)
  return home !== undefined && home !== namespace
}
