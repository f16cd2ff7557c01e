import { type Judgement, judge } from '../judge.ts'
import type { Policy } from '../policy/policy.ts'
import { containersOf } from '../workload/containers.ts'
import type { WorkloadKind } from '../workload/kinds.ts'
import { allow, deny } from './answer.ts'
import { auditAnnotations } from './audit.ts'
import { ceilingsFor } from './ceilings.ts'
import { ALL_NEW, type Changes, compareContainers } from './changes.ts'
import { denialOf } from './denial.ts'
import { endingExemptions, endingWarning } from './ending-exemptions.ts'
import { type Occasion, occasionOf } from './occasion.ts'
import { isOwned } from './owners.ts'
import type { Policies } from './policies.ts'
import { hearsWarnings } from './requester.ts'
import type { AdmissionRequest, AdmissionReviewResponse } from './review.ts'
import { roomBeside } from './warning-lines.ts'
import { warningsOf } from './warnings.ts'

/** The verdict on a request: the answer for the API server, and what the log and the metrics need. */
export interface Verdict {
  readonly review: AdmissionReviewResponse
  readonly outcome: 'allowed' | 'warned' | 'denied'
  /** The name of the policy; empty where none was asked for (a DELETE). */
  readonly policy: string
  /** Absent where the request was not judged. */
  readonly judgement?: Judgement
  /** Absent where nothing was found, and nothing silenced. */
  readonly occasion?: Occasion
  /** Why it was not judged: the operation brings nothing new, or the policy knows no such kind. */
  readonly unjudged?: 'operation' | 'kind'
  /** Whether the ceiling for owned objects applied. */
  readonly owned: boolean
}

/** Exemptions of whose end one answer warns: what is found already matters more. */
const MAX_ENDINGS = 3

/** Decides on an admission request. @throws only on a fault of our own */
export async function admit(request: AdmissionRequest, policies: Policies, now: Date): Promise<Verdict> {
  const { uid, operation, kind, object } = request
  // Neither brings a container. We do not register them, and whoever does must still be able to delete what we would deny.
  if (operation !== 'CREATE' && operation !== 'UPDATE') return unjudged(uid, '', 'operation')

  const { policy, namespace } = await policies.for(request.namespace ?? '')
  const workload = policy.cluster.kinds.find(kind.group, kind.kind)
  // Open: nobody knows where such an object has its images, so a denial could name nothing to mend. It is counted instead.
  if (workload === undefined) return unjudged(uid, policy.name, 'kind')

  const changes = changesOf(request, workload, policy)
  const owned = isOwned(request, policy)
  const judged = { group: kind.group, kind: kind.kind, object, namespace }
  const ceilings = ceilingsFor(request, policy, changes, owned)
  const judgement = judge(judged, policy, now, ceilings)
  const verdict = { policy: policy.name, judgement, owned }
  const annotations = auditAnnotations(judgement, policy)
  // Nearly all requests: there is nothing to tell a person.
  if (judgement.findings.length + judgement.exemptions.length === 0) {
    return { ...verdict, outcome: 'allowed', review: allow(uid) }
  }
  const denying = judgement.findings.filter(({ mode }) => mode === 'enforce')
  const warning = judgement.findings.filter(({ mode }) => mode === 'warn')
  const occasion = occasionOf(request, changes, policy, judgement.switch)
  const endings = hearsWarnings(request.userInfo)
    ? endingExemptions(judgement, (time) => judge(judged, policy, time, ceilings), changes, now)
    : []
  const ending = endings.slice(0, MAX_ENDINGS).map((each) => endingWarning(each, occasion))
  const warnings = [...warningsOf(warning, occasion, roomBeside(ending)), ...ending]
  const remarks = { warnings, auditAnnotations: annotations }
  const found = { ...verdict, occasion }
  return denying.length > 0
    ? { ...found, outcome: 'denied', review: deny(uid, denialOf(denying, occasion, policy), remarks) }
    : { ...found, outcome: warnings.length > 0 ? 'warned' : 'allowed', review: allow(uid, remarks) }
}

function unjudged(uid: string, policy: string, why: 'operation' | 'kind'): Verdict {
  return { review: allow(uid), outcome: 'allowed', policy, unjudged: why, owned: false }
}

function changesOf(
  { operation, object, oldObject }: AdmissionRequest,
  kind: WorkloadKind,
  policy: Policy,
): Changes {
  if (operation !== 'UPDATE') return ALL_NEW
  return compareContainers(
    containersOf(kind, oldObject),
    containersOf(kind, object),
    policy.cluster.readImage,
  )
}
