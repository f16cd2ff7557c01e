import { imageText } from '../admission/image-text.ts'
import type { Image } from '../image/image.ts'
import type { Policy } from '../policy/policy.ts'
import { withMode } from '../policy/with-mode.ts'
import { adviceLines, lintManifest } from './lint-finding.ts'
import { row, VALUE_COLUMN } from './rows.ts'
import type { Paint } from './terminal.ts'

/** What is known of a reference; `null` where there is nothing to say. The JSON of `explain`. */
export interface ReferenceExplanation {
  readonly reference: string
  readonly kind: string
  readonly moving: boolean
  readonly why: string
  readonly registry: string | null
  readonly repository: string | null
  readonly tag: string | null
  readonly digest: string | null
  /** How long the registry keeps the tag. */
  readonly retention: { readonly hours: number; readonly text: string } | null
  readonly defaultPullPolicy: string
}

export function explainReference(text: string, policy: Policy): ReferenceExplanation {
  return explanationOf(policy.cluster.readImage(text))
}

function explanationOf({
  original,
  reference,
  kind,
  retention,
  defaultPullPolicy,
}: Image): ReferenceExplanation {
  const parts = reference.valid ? reference : undefined
  return {
    reference: original,
    kind: kind.name,
    moving: kind.moving,
    why: kind.why,
    registry: parts?.registry ?? null,
    repository: parts?.repository ?? null,
    tag: parts?.tag ?? null,
    digest: parts?.digest ?? null,
    retention: retention === undefined ? null : { hours: retention.hours, text: retention.text },
    defaultPullPolicy,
  }
}

/** The explanation for a person, with what to write instead where the rules ask for something else. */
export function referenceLines(text: string, policy: Policy, now: Date, paint: Paint): string[] {
  const image = policy.cluster.readImage(text)
  const { kind, moving, why, registry, repository, tag, digest, retention } = explanationOf(image)
  const rows: [name: string, value: string][] = [['kind', moving ? `${kind}: it moves` : kind]]
  rows.push(['why', `it ${why}`])
  if (registry !== null) rows.push(['registry', registry])
  if (repository !== null) rows.push(['repository', repository])
  if (registry !== null) rows.push(['tag', tag ?? (digest === null ? 'none, which means latest' : 'none')])
  if (digest !== null) rows.push(['digest', digest])
  if (retention !== null) rows.push(['kept for', `${retention.text} after the last push`])
  rows.push(['pull policy', `${image.defaultPullPolicy}, where none is written`])
  if (image.kind.hint !== undefined) rows.push(['look again', image.kind.hint])
  return [
    paint('bold', text === '' ? '(an empty text)' : imageText(text)),
    ...rows.flatMap(([name, value]) => row(name, value, paint)),
    ...ruleLines(text, policy, now, paint),
  ]
}

/** What the rules say of a Pod with this image, and the remedy, under the switch enforce as lint judges. */
function ruleLines(text: string, policy: Policy, now: Date, paint: Paint): string[] {
  const object = { spec: { containers: [{ name: 'main', image: text }] } }
  const pod = { apiVersion: 'v1', kind: 'Pod', object, lineOf: () => 1 }
  const { findings } = lintManifest(pod, '', 'default', withMode(policy, 'enforce'), now)
  const [first] = findings
  // A template may leave the image to whoever fills it in.
  if (text === '')
    return row('rules', 'say nothing of no image: a Pod without one is refused by the API server', paint)
  if (first === undefined) return row('rules', 'content with it in a Pod', paint)
  const rules = findings.map(({ finding: { rule, mode } }) => `${rule} (${mode})`).join(', ')
  return [
    ...row(
      'rules',
      `${rules}; ${first.finding.action}${first.finding.remedy() === undefined ? '' : '. In a Pod, write'}`,
      paint,
    ),
    ...adviceLines(first, ' '.repeat(VALUE_COLUMN)),
  ]
}
