import type { Policy } from '../policy/policy.ts'
import type { RuleId } from '../policy/rule-modes.ts'
import type { Switch } from '../policy/switch.ts'
import { objectMeta } from '../workload/object-meta.ts'
import type { Changes } from './changes.ts'
import { plainText } from './plain-text.ts'
import type { AdmissionRequest } from './review.ts'

/** What surrounds the findings of a request, as far as a message speaks of it. */
export interface Occasion {
  /** The kind of the object. Plain text. */
  readonly kind: string
  /** Its name; `exp-...` where it is to be generated. Plain text. */
  readonly name: string
  /** Whether it exists already. */
  readonly update: boolean
  /** Whether it is a Pod that exists already: little of it can be changed. */
  readonly podUpdate: boolean
  /** Whether containers are added to a running Pod (`kubectl debug`). */
  readonly debugging: boolean
  readonly changes: Changes
  /** Whether a rule denies here what is new or changed. */
  denies(rule: RuleId): boolean
}

/** Kubernetes allows 253 for most names; whoever needs so many knows the object by its beginning. */
const MAX_NAME = 100

export function occasionOf(
  request: AdmissionRequest,
  changes: Changes,
  policy: Pick<Policy, 'rules'>,
  { mode }: Pick<Switch, 'mode'>,
): Occasion {
  const { kind, operation, subResource } = request
  const update = operation === 'UPDATE'
  return {
    kind: plainText(kind.kind, MAX_NAME),
    name: plainText(nameOf(request), MAX_NAME),
    update,
    podUpdate: update && kind.group === '' && kind.kind === 'Pod',
    debugging: subResource === 'ephemeralcontainers',
    changes,
    denies: (rule) => mode === 'enforce' && policy.rules[rule] === 'enforce',
  }
}

/** `Job/exp`, short enough that the rest of a warning has room. */
export function objectText({ kind, name }: Pick<Occasion, 'kind' | 'name'>): string {
  return plainText(name === '' ? kind : `${kind}/${name}`, 70)
}

/**
 * What a person calls the object. The name that the API server has generated for a `generateName` is not it:
 * the sender has not seen it, and the next attempt has another one.
 */
function nameOf({ name, object }: AdmissionRequest): string {
  if (name !== undefined) return name
  const meta = objectMeta(object)
  if (meta.generateName !== undefined) return `${meta.generateName}...`
  return meta.name ?? ''
}
