import type { Judgement } from '../judge.ts'
import type { Policies } from './policies.ts'
import type { AdmissionRequest, AdmissionReviewResponse } from './review.ts'

/** The verdict on a request: the answer for the API server, and what the log and the metrics need. */
export interface Verdict {
  readonly review: AdmissionReviewResponse
  readonly outcome: 'allowed' | 'warned' | 'denied'
  readonly policy: string
  /** Absent where the request was not judged (another kind, a DELETE). */
  readonly judgement?: Judgement
  /** Whether the ceiling for owned objects applied. */
  readonly owned: boolean
}

/** Decides on an admission request. @throws only on a fault of our own */
export async function admit(request: AdmissionRequest, policies: Policies, now: Date): Promise<Verdict> {
  throw new Error(`not written yet: ${request.uid} ${policies} ${now}`)
}
