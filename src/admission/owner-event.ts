import { type ControllerReference, objectMeta } from '../workload/object-meta.ts'
import type { Verdict } from './admit.ts'
import { groupByContainer } from './finding-groups.ts'
import { headline } from './headline.ts'
import type { Occasion } from './occasion.ts'
import { plainText } from './plain-text.ts'
import { serviceAccountNamespace } from './requester.ts'
import type { AdmissionRequest } from './review.ts'

/** What is said of an object on its controller, where a person looks who wonders why it is missing. */
export interface OwnerEvent {
  readonly owner: ControllerReference
  /** Of the object, and so of its owner. */
  readonly namespace: string
  readonly reason: 'ImageTagDenied' | 'ImageTagFinding'
  /** One line of plain text. */
  readonly note: string
  /** The same for all objects of which the same is said: the note without the name, which differs from Pod to Pod. */
  readonly topic: string
}

/** As long as the API server lets a note be (NoteLengthLimit in pkg/apis/core/validation/events.go). */
const MAX_NOTE = 1_024

/**
 * What is to be said on the owner of an object: why it is denied, or else what is found that only the audit log tells, since
 * no person hears a controller's warnings.
 *
 * Undefined where there is nothing to say: nothing new is found, the request is a dry run, or a person asks, who is answered.
 * A service account of the object's own namespace is told of as well when it is denied, though the policy does not take its
 * object for owned: it may be the operator that an admin has to name in trustedControllers. Pure, and never throws.
 */
export function ownerEvent(request: AdmissionRequest, verdict: Verdict): OwnerEvent | undefined {
  const { judgement, occasion, outcome, owned } = verdict
  const { namespace, dryRun, userInfo, object } = request
  if (judgement === undefined || occasion === undefined || namespace === undefined || dryRun) return undefined
  const denied = outcome === 'denied'
  if (!owned && !(denied && serviceAccountNamespace(userInfo.username) !== undefined)) return undefined
  const owner = objectMeta(object).controller
  // kubectl describe finds events by the owner's name and uid; nobody would find one without.
  if (owner === undefined || owner.name === '' || owner.uid === '') return undefined
  // What was stored before was told when it came. Controllers update their objects all day.
  const findings = judgement.findings.filter(
    ({ mode, container }) => (!denied || mode === 'enforce') && !occasion.changes.isUnchanged(container),
  )
  if (findings.length === 0) return undefined
  const groups = groupByContainer(findings, occasion)
  const said = (of: Occasion) => plainText(headline(groups, of), MAX_NOTE)
  return {
    owner,
    namespace,
    reason: denied ? 'ImageTagDenied' : 'ImageTagFinding',
    note: said(occasion),
    topic: said({ ...occasion, name: '' }),
  }
}
