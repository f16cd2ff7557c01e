import { changedSet } from '../policy/policy-set.ts'
import { PolicyError } from '../policy/problem.ts'
import { clusterRegime } from '../policy/regime.ts'
import { API_VERSION, KIND, type TagPolicy } from '../policy/schema.ts'
import { readTagPolicyObject } from '../policy/tag-policy-object.ts'
import { objectMeta } from '../workload/object-meta.ts'
import { allow, deny } from './answer.ts'
import { changeWarnings } from './change-warnings.ts'
import type { ClusterView } from './cluster-view.ts'
import { plainText } from './plain-text.ts'
import { deletionRemarks } from './policy-deletion.ts'
import { refusalOf } from './policy-refusal.ts'
import { policyRemarks } from './policy-remarks.ts'
import type { AdmissionRequest, AdmissionReviewResponse } from './review.ts'
import { sameJson } from './same-json.ts'
import { boundedLines, roomBeside } from './warning-lines.ts'

const [GROUP] = API_VERSION.split('/')

/**
 * Answers a change of a TagPolicy: one that would be refused is denied, of any other it is said what it brings. A deletion is
 * never denied, nor an update that leaves the spec as it was, so that whatever is stored can be mended, finalized and removed.
 * @throws only on a fault of our own
 */
export async function admitPolicy(
  request: AdmissionRequest,
  view: ClusterView,
  now: Date,
): Promise<AdmissionReviewResponse> {
  const { uid, operation, kind, subResource, object, oldObject } = request
  // Open: whoever sends us anything else has mistaken the webhook's path, which is no reason to stop them.
  if (kind.group !== GROUP || kind.kind !== KIND || subResource !== undefined) return allow(uid)
  if (operation === 'DELETE')
    return allow(uid, { warnings: await changed(request, request.name ?? '', undefined, view, now) })
  if (operation === 'CONNECT') return allow(uid)
  if (operation === 'UPDATE' && sameJson(specOf(object), specOf(oldObject))) return allow(uid)

  let tagPolicy: TagPolicy
  try {
    tagPolicy = readTagPolicyObject(object)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return deny(uid, refusalOf(request.name ?? objectMeta(object).name ?? '', error.problems))
  }
  return allow(uid, { warnings: await changed(request, tagPolicy.metadata.name, tagPolicy, view, now) })
}

/** What a change brings, the most important first. @param tagPolicy undefined where it is deleted */
async function changed(
  { userInfo }: AdmissionRequest,
  name: string,
  tagPolicy: TagPolicy | undefined,
  view: ClusterView,
  now: Date,
): Promise<string[]> {
  const { policies: before, namespaces } = view
  const after = changedSet(before, name, tagPolicy)
  const subject = `${KIND}/${plainText(name, 63)}`
  const sets = { subject, before, after, namespaces }
  const remarks =
    tagPolicy === undefined
      ? deletionRemarks({ ...sets, name }, now)
      : policyRemarks({ ...sets, tagPolicy }, now)
  const breaks = await changeWarnings(
    {
      subject,
      single: false,
      command: tagPolicy === undefined ? 'tallyman preview -A' : 'tallyman preview -A --policy FILE',
      user: userInfo,
      regimes: {
        before: clusterRegime(before, namespaces),
        after: clusterRegime(after, namespaces),
        policiesBefore: before,
        policiesAfter: after,
      },
      namespaces: [...namespaces.keys(), ''],
    },
    view,
    now,
    roomBeside(remarks),
  )
  // What holds without it, and then what that breaks; but what breaks before what is only odd.
  return boundedLines(subject, tagPolicy === undefined ? [...remarks, ...breaks] : [...breaks, ...remarks])
}

function specOf(object: unknown): unknown {
  return typeof object === 'object' && object !== null && Object.hasOwn(object, 'spec')
    ? (object as { spec: unknown }).spec
    : undefined
}
