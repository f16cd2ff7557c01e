import { ENFORCE_FROM_LABEL, MODE_LABEL, POLICY_LABEL } from './namespace-labels.ts'
import type { Namespace } from './switch.ts'

/** Most namespaces have none of ours; they share this. */
const NONE: Namespace['labels'] = Object.freeze({})

/** What is kept of a namespace: its name and the labels that are ours. @throws Error where it has no name */
export function ownLabels(object: object): Namespace {
  const { name, labels } =
    (object as { metadata?: { name?: unknown; labels?: unknown } | null }).metadata ?? {}
  if (typeof name !== 'string' || name === '') throw new Error('A namespace has no metadata.name')
  const kept = [MODE_LABEL, ENFORCE_FROM_LABEL, POLICY_LABEL].flatMap((label) => {
    const value = Object.hasOwn(Object(labels), label) ? Object(labels)[label] : undefined
    return typeof value === 'string' ? [[label, value] as const] : []
  })
  return { name, labels: kept.length === 0 ? NONE : Object.freeze(Object.fromEntries(kept)) }
}
