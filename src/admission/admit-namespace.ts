import { ownLabels } from '../policy/own-labels.ts'
import { type Held, heldIn } from '../policy/provenance.ts'
import { quoted } from '../policy/quoted.ts'
import { clusterRegime } from '../policy/regime.ts'
import type { Namespace } from '../policy/switch.ts'
import { objectMeta } from '../workload/object-meta.ts'
import { allow } from './answer.ts'
import { changeWarnings } from './change-warnings.ts'
import type { ClusterView } from './cluster-view.ts'
import { modeText } from './mode-text.ts'
import { plainText } from './plain-text.ts'
import type { AdmissionRequest, AdmissionReviewResponse } from './review.ts'
import { sameJson } from './same-json.ts'
import { unjudgedText } from './unjudged-text.ts'
import { boundedLines, MAX_WARNING, roomBeside } from './warning-lines.ts'

/**
 * Answers a change of the labels of a namespace that are ours: says which are ignored, what holds now, and what that breaks.
 * Never denies: labels are no reason to keep a namespace from being made or mended.
 * @throws only on a fault of our own
 */
export async function admitNamespace(
  request: AdmissionRequest,
  view: ClusterView,
  now: Date,
): Promise<AdmissionReviewResponse> {
  const { uid, operation, kind, subResource, object, oldObject, userInfo } = request
  const name = request.name ?? objectMeta(object).name ?? ''
  const written = operation === 'CREATE' || operation === 'UPDATE'
  const isNamespace = kind.group === '' && kind.kind === 'Namespace' && subResource === undefined
  if (!written || !isNamespace || name === '') return allow(uid)
  const before = labelled(name, oldObject)
  const after = labelled(name, object)
  if (sameJson(before.labels, after.labels)) return allow(uid)

  const { policies } = view
  const subject = `Namespace/${plainText(name, 63)}`
  const holds = heldIn(policies, after, now)
  const judged = await view.isJudged({ name, labels: labelsOf(object) })
  const lines = holds.ignored.map((why) => `${subject}: ${why}`)
  if (lines.length > 0 || !sameHeld(holds, heldIn(policies, before, now)))
    lines.push(`${subject}: ${judged ? heldText(holds) : unjudgedText(quoted(name))}`)
  const said = lines.map((line) => plainText(line, MAX_WARNING))
  // In one that is being made there is nothing yet that could break.
  const breaks =
    operation === 'CREATE' || !judged
      ? []
      : await changeWarnings(
          {
            subject,
            single: true,
            command: `tallyman preview ${plainText(name, 63)}`,
            user: userInfo,
            regimes: {
              before: clusterRegime(policies, new Map([[name, before]])),
              after: clusterRegime(policies, new Map([[name, after]])),
              policiesBefore: policies,
              policiesAfter: policies,
            },
            namespaces: [name],
          },
          view,
          now,
          roomBeside(said),
        )
  return allow(uid, { warnings: boundedLines(subject, [...said, ...breaks]) })
}

/** A namespace with its labels that are ours. The object may have any shape. */
function labelled(name: string, object: unknown): Namespace {
  return ownLabels({ metadata: { name, labels: labelsOf(object) } })
}

function labelsOf(object: unknown): Namespace['labels'] {
  const { metadata } = Object(object) as { metadata?: unknown }
  const { labels } = Object(metadata) as { labels?: unknown }
  const texts = Object.entries(Object(labels)).filter(([, value]) => typeof value === 'string')
  return Object.fromEntries(texts) as Namespace['labels']
}

function sameHeld(one: Held, other: Held): boolean {
  return sameJson({ ...one, ignored: [] }, { ...other, ignored: [] })
}

/** `enforce from 2026-12-07, until then warn (label tallyman.dev/mode, TagPolicy default)` */
function heldText({ mode: { value, deniedFrom, from }, policy }: Held): string {
  const name = policy.from === 'built-in' ? 'the built-in policy' : `TagPolicy ${policy.value}`
  const origin = from.startsWith('TagPolicy ') ? from : from === policy.from ? name : `${from}, ${name}`
  return `${modeText({ mode: value, deniedFrom })} (${origin})`
}
