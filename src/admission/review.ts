import { plainText } from './plain-text.ts'

/** The one version that is understood and answered in. */
export const API_VERSION = 'admission.k8s.io/v1'

/** The part of an admission.k8s.io/v1 AdmissionRequest that is read. */
export interface AdmissionRequest {
  readonly uid: string
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string }
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string }
  readonly subResource?: string
  readonly name?: string
  readonly namespace?: string
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'
  readonly userInfo: UserInfo
  readonly object: unknown
  readonly oldObject: unknown
  readonly dryRun: boolean
}

/** Who asks, as the API server knows them (authentication.k8s.io/v1 UserInfo). */
export interface UserInfo {
  readonly username: string
  readonly groups: readonly string[]
  readonly uid?: string
  /** What else is known, such as the scopes of their token. An authorizer may look at it. */
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** An AdmissionReview that makes no sense; the message is the whole answer (400). */
export class ReviewError extends Error {
  override name = 'ReviewError'
}

/** The API server's uids have 36 characters; one is echoed and logged, so it may not be as long as a body. */
const MAX_UID = 256

/** How much of a wrong value is quoted back. */
const MAX_QUOTED = 60

const OPERATIONS: readonly unknown[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT']

/**
 * Reads an AdmissionReview from parsed JSON. The object in it may have any shape: that is judged, not refused.
 * An UPDATE without its oldObject is read as one in which everything changed.
 * @throws ReviewError
 */
export function readReview(body: unknown): AdmissionRequest {
  const review = record(body, 'the body')
  checkVersion(review)
  const request = record(review.request, 'request')
  const uid = string(request, 'uid', 'request')
  if (uid === '')
    throw new ReviewError('request.uid is missing: an answer has to carry the uid of its request')
  if (uid.length > MAX_UID) throw new ReviewError(`request.uid is longer than ${MAX_UID} characters`)
  const operation = request.operation as AdmissionRequest['operation']
  if (!OPERATIONS.includes(operation))
    throw new ReviewError(
      `request.operation must be one of ${OPERATIONS.join(', ')}, not ${quoted(operation)}`,
    )
  const kind = record(request.kind, 'request.kind')
  const resource = record(request.resource ?? {}, 'request.resource')
  return {
    uid,
    kind: { ...groupVersion(kind, 'request.kind'), kind: required(kind, 'kind', 'request.kind') },
    resource: {
      ...groupVersion(resource, 'request.resource'),
      resource: string(resource, 'resource', 'request.resource'),
    },
    subResource: string(request, 'subResource', 'request') || undefined,
    name: string(request, 'name', 'request') || undefined,
    namespace: string(request, 'namespace', 'request') || undefined,
    operation,
    userInfo: userInfo(request.userInfo ?? {}),
    object: operation === 'CREATE' || operation === 'UPDATE' ? object(request, operation) : null,
    oldObject: request.oldObject ?? null,
    dryRun: request.dryRun === true,
  }
}

function checkVersion(review: Record<string, unknown>): void {
  const { apiVersion, kind } = review
  if (kind === 'AdmissionReview' && apiVersion === API_VERSION) return
  if (kind === 'AdmissionReview' && apiVersion === 'admission.k8s.io/v1beta1')
    throw new ReviewError(
      `admission.k8s.io/v1beta1 is not understood, only v1: set admissionReviewVersions: ["v1"] in the ValidatingWebhookConfiguration`,
    )
  if (kind === 'AdmissionReview')
    throw new ReviewError(`an AdmissionReview must have apiVersion ${API_VERSION}, not ${quoted(apiVersion)}`)
  throw new ReviewError(
    `the body must be an AdmissionReview of ${API_VERSION}, as the API server posts it; its kind is ${quoted(kind)}`,
  )
}

function groupVersion(value: Record<string, unknown>, path: string): { group: string; version: string } {
  return { group: string(value, 'group', path), version: string(value, 'version', path) }
}

function userInfo(value: unknown): UserInfo {
  const user = record(value, 'request.userInfo')
  const groups = user.groups ?? []
  if (!isTexts(groups)) throw new ReviewError('request.userInfo.groups must be a list of strings')
  const uid = string(user, 'uid', 'request.userInfo')
  const extra = record(user.extra ?? {}, 'request.userInfo.extra')
  if (!Object.values(extra).every(isTexts))
    throw new ReviewError('request.userInfo.extra must hold lists of strings')
  return {
    username: string(user, 'username', 'request.userInfo'),
    groups,
    ...(uid !== '' && { uid }),
    ...(Object.keys(extra).length > 0 && { extra: extra as UserInfo['extra'] }),
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}

function object(request: Record<string, unknown>, operation: string): unknown {
  if (request.object === undefined || request.object === null)
    throw new ReviewError(`request.object is missing: ${operation} requests carry one`)
  return record(request.object, 'request.object')
}

/** A JSON object. Its keys are own properties, `__proto__` too, so that reading one never meets a prototype of the sender's. */
function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new ReviewError(`${path} must be a JSON object, not ${quoted(value)}`)
}

/** A string field; an empty string where it is absent, as Go's JSON reader has it. */
function string(from: Record<string, unknown>, key: string, path: string): string {
  const value = Object.hasOwn(from, key) ? (from[key] ?? '') : ''
  if (typeof value !== 'string')
    throw new ReviewError(`${path}.${key} must be a string, not ${quoted(value)}`)
  return value
}

function required(from: Record<string, unknown>, key: string, path: string): string {
  const value = string(from, key, path)
  if (value === '') throw new ReviewError(`${path}.${key} is missing`)
  return value
}

/** A wrong value as a person reads it, without its whole content. */
function quoted(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'string') return `"${plainText(value, MAX_QUOTED)}"`
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${value}`
}

/** admission.k8s.io/v1 AdmissionResponse inside its AdmissionReview. */
export interface AdmissionReviewResponse {
  readonly apiVersion: 'admission.k8s.io/v1'
  readonly kind: 'AdmissionReview'
  readonly response: {
    readonly uid: string
    readonly allowed: boolean
    readonly status?: Denial
    readonly warnings?: readonly string[]
    readonly auditAnnotations?: Readonly<Record<string, string>>
  }
}

/** The part of meta/v1 Status that a denial carries. */
export interface Denial {
  readonly code: 403 | 422
  readonly reason: 'Forbidden' | 'Invalid'
  readonly message: string
  readonly details: {
    readonly group?: string
    readonly kind?: string
    readonly name?: string
    readonly causes: readonly Cause[]
  }
}

/** meta/v1 StatusCause: the rule's id (of a policy that is refused, the type of the mistake), the path of the field, and one line. */
export interface Cause {
  readonly reason: string
  readonly field: string
  readonly message: string
}
