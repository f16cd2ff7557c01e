import { admit, type Verdict } from '../../src/admission/admit.ts'
import { type AdmissionRequest, readReview } from '../../src/admission/review.ts'
import { fixedPolicy } from '../../src/server/policy-source.ts'
import { enforcing, podReview } from './listening.ts'

export interface Judged {
  readonly request: AdmissionRequest
  readonly verdict: Verdict
}

/** A real verdict on a Pod with one container, under a policy that enforces. @param changes fields of the request */
export async function judged(
  image: unknown,
  changes: Record<string, unknown> = {},
  policy = enforcing,
): Promise<Judged> {
  const review = podReview(image)
  const request = readReview({ ...review, request: { ...(review.request as object), ...changes } })
  return { request, verdict: await admit(request, fixedPolicy(policy), new Date('2026-11-23T12:00:00Z')) }
}
