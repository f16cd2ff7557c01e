/** The part of an admission.k8s.io/v1 AdmissionRequest that is read. */
export interface AdmissionRequest {
  readonly uid: string
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string }
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string }
  readonly subResource?: string
  readonly name?: string
  readonly namespace?: string
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'
  readonly userInfo: { readonly username: string; readonly groups: readonly string[] }
  readonly object: unknown
  readonly oldObject: unknown
  readonly dryRun: boolean
}

/** An AdmissionReview that makes no sense; the message is the whole answer (400). */
export class ReviewError extends Error {
  override name = 'ReviewError'
}

/** Reads an AdmissionReview from parsed JSON. @throws ReviewError */
export function readReview(body: unknown): AdmissionRequest {
  throw new ReviewError(`not written yet: ${body}`)
}

/** admission.k8s.io/v1 AdmissionResponse inside its AdmissionReview. */
export interface AdmissionReviewResponse {
  readonly apiVersion: 'admission.k8s.io/v1'
  readonly kind: 'AdmissionReview'
  readonly response: {
    readonly uid: string
    readonly allowed: boolean
    readonly status?: {
      readonly code: 403
      readonly reason: 'Forbidden'
      readonly message: string
      readonly details: { readonly causes: readonly { reason: string; field: string; message: string }[] }
    }
    readonly warnings?: readonly string[]
    readonly auditAnnotations?: Readonly<Record<string, string>>
  }
}
