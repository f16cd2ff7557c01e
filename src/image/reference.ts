import { cutReference, isLegal, MAX_REFERENCE_LENGTH, normalise } from './grammar.ts'
import { problemOf } from './reference-problem.ts'

/** An image reference that parses, with the parts as they were written. */
export interface Reference {
  readonly valid: true
  /** The text as written. */
  readonly original: string
  /** Everything before the tag and the digest, as written: `localhost:5000/foo`, `nginx`. */
  readonly name: string
  /** The registry host with its port; `docker.io` where none is written. */
  readonly registry: string
  /** The path in the registry; `library/nginx` for a bare Docker Hub name. */
  readonly repository: string
  readonly tag?: string
  /** `algorithm:hex` */
  readonly digest?: string
}

/** A text that is no legal image reference. */
export interface InvalidReference {
  readonly valid: false
  readonly original: string
  /** What is wrong, a clause whose subject is the image: `has upper-case letters in its repository`. */
  readonly problem: string
  /** What to do, a clause in the imperative, where more is known than that it has to be legal. */
  readonly action?: string
  /** What to write instead, where that is known: `nginx:1`. */
  readonly suggestion?: string
}

/** Parses an image reference by the distribution grammar. Never throws. */
export function parseReference(text: string): Reference | InvalidReference {
  if (text.length > MAX_REFERENCE_LENGTH) return { valid: false, original: text, ...problemOf(text) }
  const parts = cutReference(text)
  if (!isLegal(text, parts)) return { valid: false, original: text, ...problemOf(text) }
  return {
    valid: true,
    original: text,
    name: parts.name,
    ...normalise(parts),
    ...(parts.tag === undefined ? {} : { tag: parts.tag }),
    ...(parts.digest === undefined ? {} : { digest: parts.digest }),
  }
}
