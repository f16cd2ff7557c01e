import type { InvalidReference, Reference } from './reference.ts'
import type { Retention } from './retention.ts'
import type { RegistryFacts, TagFacts, TagKind } from './tag-kind.ts'

/** Everything that an image's text says, parsed once. */
export interface Image {
  readonly original: string
  readonly reference: Reference | InvalidReference
  readonly kind: TagKind
  /** What the policy knows of its registry. */
  readonly registry?: RegistryFacts
  /** How long its registry keeps the tag; undefined where it keeps all, or where a digest is present without a tag. */
  readonly retention?: Retention
}

/** Parses and classifies an image: the one entry that the webhook, the commands and every report call. */
export function readImage(text: string, facts: TagFacts): Image {
  throw new Error(`not written yet: ${text} ${facts}`)
}
