import { looksLikeHost } from '../image/hint.ts'
import type { Image } from '../image/image.ts'
import type { Reference } from '../image/reference.ts'
import { datedTag } from './dated-tags.ts'
import { fixedTags } from './fixed-tags.ts'
import { fillPlaceholders } from './placeholders.ts'
import { mendSuffix } from './suffix.ts'

/** An image that might be written instead, not yet checked against the rules. */
export interface Candidate {
  /** With placeholders where a person has to choose. */
  readonly image: string
  /** The same by the digest of what the tag names now; undefined where `image` has a digest already. */
  readonly byDigest?: string
  /** What to copy the image from, where it changes its registry. */
  readonly copyFrom?: string
}

/**
 * What might be written instead of an image, the smallest change first: as it is, its suffix mended, a fixed
 * tag, a digest; then all that again in a registry that keeps images.
 * @param keepingRegistry where to copy an image that its registry deletes; undefined: a placeholder
 * @param read reads an image as the policy does
 */
export function* candidates(
  image: Image,
  keepingRegistry: string | undefined,
  read: (text: string) => Image,
): Generator<Candidate> {
  yield { image: image.original }
  const { reference } = image
  if (!reference.valid) {
    if (reference.suggestion === undefined) return
    const suggested = read(reference.suggestion)
    if (suggested.reference.valid) yield* candidates(suggested, keepingRegistry, read)
    return
  }
  // A version of what is only a host would help nobody.
  const inHost = `${reference.original}/<name>:<version>`
  if (looksLikeHost(reference) && read(fillPlaceholders(inHost)).reference.valid) yield { image: inHost }
  const retention = image.registry?.retention
  const mended = image.retention && retention && mendSuffix(image.retention, retention)
  if (mended !== undefined) yield candidate(reference, reference.name, mended)
  const tag = image.retention?.tag ?? reference.tag
  const suffix = image.retention?.suffix ?? ''
  const dated = datedTag(reference, image.kind, tag)
  const fixed = fixedTags(image.kind, tag, (other) => read(`${reference.name}:${other}`))
  const tags = dated === undefined ? fixed : [dated, ...fixed]
  for (const each of tags) yield candidate(reference, reference.name, each + suffix)
  yield { image: digestOf(reference, reference.name, reference.tag) }
  if (retention === undefined) return

  const name = `${keepingRegistry ?? '<registry>'}/${reference.repository}`
  const kept = [tag, ...tags].map((each) => candidate(reference, name, each))
  for (const each of [...kept, { image: digestOf(reference, name, tag) }]) {
    yield { ...each, copyFrom: image.original }
  }
}

function candidate(reference: Reference, name: string, tag: string | undefined): Candidate {
  const tagged = tag === undefined ? name : `${name}:${tag}`
  // A digest that is there already goes along: it names the same bytes wherever they are.
  if (reference.digest !== undefined) return { image: `${tagged}@${reference.digest}` }
  return { image: tagged, byDigest: digestOf(reference, name, reference.tag) }
}

function digestOf(reference: Reference, name: string, tag: string | undefined): string {
  return `${tag === undefined ? name : `${name}:${tag}`}@${reference.digest ?? 'sha256:<digest>'}`
}
