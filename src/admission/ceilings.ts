import { type Mode, milder } from '../policy/mode.ts'
import type { Policy } from '../policy/policy.ts'
import type { Container } from '../workload/container.ts'
import type { Changes } from './changes.ts'
import { isMirrorPod } from './mirror.ts'
import { isMachine } from './requester.ts'
import type { AdmissionRequest } from './review.ts'

/**
 * The strictest mode that each container of a request may meet. The ceiling for ephemeral containers is not
 * here: it is a matter of the object, which lint judges as well.
 */
export function ceilingsFor(
  request: AdmissionRequest,
  policy: Policy,
  changes: Changes,
  owned: boolean,
): (container: Container) => Mode {
  const whole = milder(owned ? policy.ownedObjects : 'enforce', isMirrorPod(request) ? 'audit' : 'enforce')
  // Scaling, finalizers and status go through whatever was stored before. A person is told, since only they can mend it.
  const unchanged = milder(whole, isMachine(request.userInfo) ? 'audit' : 'warn')
  // An ephemeral container stays as it is until its Pod goes: the API server refuses to change or remove one
  // (ValidatePodEphemeralContainersUpdate). A warning that nobody can heed would come with each later kubectl debug.
  const past = milder(unchanged, 'audit')
  return (container) => {
    if (!changes.isUnchanged(container)) return whole
    return container.list === 'ephemeralContainers' ? past : unchanged
  }
}
