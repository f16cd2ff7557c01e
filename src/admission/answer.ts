import { type AdmissionReviewResponse, API_VERSION, type Denial } from './review.ts'

/** What an answer may say beside yes and no. */
export interface Remarks {
  readonly warnings?: readonly string[]
  readonly auditAnnotations?: Readonly<Record<string, string>>
}

/** The answer that lets a request through. */
export function allow(uid: string, remarks: Remarks = {}): AdmissionReviewResponse {
  return answer({ uid, allowed: true, ...said(remarks) })
}

/** The answer that refuses a request. */
export function deny(uid: string, status: Denial, remarks: Remarks = {}): AdmissionReviewResponse {
  return answer({ uid, allowed: false, status, ...said(remarks) })
}

function answer(response: AdmissionReviewResponse['response']): AdmissionReviewResponse {
  return { apiVersion: API_VERSION, kind: 'AdmissionReview', response }
}

/** Only what there is: an answer without remarks has no empty lists in it. */
function said({ warnings = [], auditAnnotations = {} }: Remarks): Remarks {
  return {
    ...(warnings.length > 0 && { warnings }),
    ...(Object.keys(auditAnnotations).length > 0 && { auditAnnotations }),
  }
}

/** What an answer comes to. */
export function outcomeOf({ response }: AdmissionReviewResponse): 'allowed' | 'warned' | 'denied' {
  if (!response.allowed) return 'denied'
  return (response.warnings ?? []).length > 0 ? 'warned' : 'allowed'
}
