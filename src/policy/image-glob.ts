import { DEFAULT_REGISTRY, OFFICIAL_PREFIX } from '../image/grammar.ts'
import type { Image } from '../image/image.ts'
import type { Reference } from '../image/reference.ts'
import { compileGlob, type Glob, globProblem } from './glob.ts'

/**
 * A glob over images is matched part by part, so that no wildcard of a name reaches into the tag: `name`, `name:tag`,
 * `name@digest`. As in a reference, a colon is a port where a `/` follows: `localhost:5000/foo:*`. The name is
 * compared with the full one (`docker.io/library/nginx`), the short one (`nginx`) and the one written (`library/nginx`).
 */
interface Parts {
  readonly name: string
  readonly tag?: string
  readonly digest?: string
}

function split(text: string): Parts {
  const at = text.indexOf('@')
  const tagged = at < 0 ? text : text.slice(0, at)
  const digest = at < 0 ? undefined : text.slice(at + 1)
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1)
  if (colon < 0) return { name: tagged, digest }
  return { name: tagged.slice(0, colon), tag: tagged.slice(colon + 1), digest }
}

/** Why a text is no glob over images, as the rest of a sentence about its field; undefined where it is one. */
export function imageGlobProblem(text: string): string | undefined {
  const problem = globProblem(text)
  if (problem !== undefined) return problem
  if (text.includes('//')) return 'holds "//": an image has no scheme and no empty part, write host/path:tag'
  const { name, tag, digest } = split(text)
  if (name === '') return `has no name before "${text[0]}": write **${text} for every image`
  if (tag === '')
    return 'ends in ":": write the tag, * for any, or leave the colon out for any tag and digest'
  if (tag?.includes(':')) return 'has two colons in its last part: a name, a colon and a tag is all there is'
  if (digest === '') return 'ends in "@": write the digest, or leave the "@" out'
  return undefined
}

/** Why a text is no glob of tagKinds, as the rest of a sentence about its field; undefined where it is one. */
export function kindGlobProblem(text: string): string | undefined {
  if (text.includes('@')) return 'holds "@": an image with a digest is always of the kind digest'
  return /[/:]/.test(text) ? imageGlobProblem(text) : globProblem(text)
}

/** Whether a glob of an exemption covers an image. Without a tag and a digest in the glob it covers any. */
export function compileImageGlob(text: string): (image: Image) => boolean {
  const parts = split(text)
  const whole = compileGlob(text)
  const name = compileGlob(parts.name)
  const tag = parts.tag === undefined ? undefined : compileGlob(parts.tag)
  const digest = parts.digest === undefined ? undefined : compileGlob(parts.digest)
  return ({ reference }) => {
    // What does not parse has no parts: it is covered only as a whole.
    if (!reference.valid) return whole.matches(reference.original)
    if (digest && (reference.digest === undefined || !digest.matches(reference.digest))) return false
    // No tag means latest, except beside a digest, where it means none: `agent:*` covers all three.
    const written = reference.tag ?? (reference.digest === undefined ? 'latest' : '')
    return (tag === undefined || tag.matches(written)) && matchesName(name, reference)
  }
}

/** Whether a glob of tagKinds takes in a reference. A glob without `/` and `:` looks at the tag alone. */
export function compileKindGlob(text: string): (reference: Reference) => boolean {
  const parts: Partial<Parts> = /[/:]/.test(text) ? split(text) : { tag: text }
  const name = parts.name === undefined ? undefined : compileGlob(parts.name)
  const tag = parts.tag === undefined ? undefined : compileGlob(parts.tag)
  // Somebody who writes `team/*` thinks of the team's versions: latest stays latest unless it is spelled.
  const spellsLatest = parts.tag?.toLowerCase().includes('latest') ?? false
  return (reference) => {
    if (reference.digest !== undefined) return false
    const written = reference.tag ?? 'latest'
    if (written.toLowerCase() === 'latest' && !spellsLatest) return false
    return (tag?.matches(written) ?? true) && (name === undefined || matchesName(name, reference))
  }
}

/** However an image is spelled, it is the same one: as written, in full, and in short. */
function matchesName(glob: Glob, { name, registry, repository }: Reference): boolean {
  if (glob.matches(name) || glob.matches(`${registry}/${repository}`)) return true
  return registry === DEFAULT_REGISTRY && glob.matches(shortName(repository))
}

/** What people call an image of Docker Hub: `nginx`, `bitnami/redis`. */
function shortName(repository: string): string {
  return repository.startsWith(OFFICIAL_PREFIX) ? repository.slice(OFFICIAL_PREFIX.length) : repository
}
