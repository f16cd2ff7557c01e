import { defaultPullPolicy, type PullPolicy } from './pull-policy.ts'
import { type InvalidReference, parseReference, type Reference } from './reference.ts'
import { type Retention, retentionOf } from './retention.ts'
import { type RegistryFacts, type TagFacts, type TagKind, tagKind } from './tag-kind.ts'

/** Everything that an image's text says, parsed once. */
export interface Image {
  readonly original: string
  readonly reference: Reference | InvalidReference
  readonly kind: TagKind
  /** What Kubernetes fills in where no pull policy is written. */
  readonly defaultPullPolicy: PullPolicy
  /** What the policy knows of its registry. */
  readonly registry?: RegistryFacts
  /** How long its registry keeps the tag; undefined where it keeps all, or where a digest is present without a tag. */
  readonly retention?: Retention
}

/** Parses and classifies an image: the one entry that the webhook, the commands and every report call. */
export function readImage(text: string, facts: TagFacts): Image {
  const reference = parseReference(text)
  if (!reference.valid) return invalidImage(reference)
  const registry = facts.registry(reference.registry)
  const retention = retentionIn(registry, reference)
  const tag = reference.tag === undefined ? undefined : (retention?.tag ?? reference.tag)
  return {
    original: text,
    reference,
    kind: tagKind(reference, tag, facts),
    defaultPullPolicy: defaultPullPolicy(text),
    ...(registry === undefined ? {} : { registry }),
    ...(retention === undefined ? {} : { retention }),
  }
}

/** What cannot be read, as an image: its kind is `invalid`. */
export function invalidImage(reference: InvalidReference): Image {
  const { original, problem } = reference
  return {
    original,
    reference,
    kind: { name: 'invalid', moving: false, why: problem },
    defaultPullPolicy: defaultPullPolicy(original),
  }
}

function retentionIn(registry: RegistryFacts | undefined, { tag, digest }: Reference): Retention | undefined {
  if (registry?.retention === undefined || (tag === undefined && digest !== undefined)) return undefined
  return retentionOf(tag ?? 'latest', registry.retention)
}
