import { saysMirror } from '../workload/mirror-pod.ts'
import { objectMeta } from '../workload/object-meta.ts'
import type { AdmissionRequest } from './review.ts'

/**
 * Whether a node reports a static Pod, which runs whatever the answer is: a denial would only hide it.
 * The annotation alone proves nothing, so a node has to ask.
 */
export function isMirrorPod(request: AdmissionRequest): boolean {
  const { kind, userInfo, object } = request
  return (
    kind.group === '' &&
    kind.kind === 'Pod' &&
    userInfo.groups.includes('system:nodes') &&
    saysMirror(objectMeta(object))
  )
}
