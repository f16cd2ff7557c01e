/**
 * The grammar of image references as github.com/distribution/reference 0.6 has it (regexp.go, normalize.go),
 * which the API server and the container runtimes share:
 *
 *     reference  = name [":" tag] ["@" digest]
 *     name       = [host [":" port] "/"] component *("/" component)
 *     component  = lower-case letters and digits, joined by ".", "_", "__" or hyphens
 *     tag        = one of [A-Za-z0-9_], then up to 127 of [A-Za-z0-9_.-]
 *     digest     = algorithm ":" lower-case hex of the algorithm's length
 *
 * Every expression here is anchored and offers one way to match each character, so that none backtracks.
 */

export const DEFAULT_REGISTRY = 'docker.io'
/** Docker Hub's former name, which still means the same registry. */
const LEGACY_DEFAULT_REGISTRY = 'index.docker.io'
/** Where Docker Hub keeps the images that have no owner in their name. */
export const OFFICIAL_PREFIX = 'library/'

/** distribution/reference: RepositoryNameTotalLengthMax. */
export const MAX_REPOSITORY_LENGTH = 255
/** A DNS name has at most 253 characters, and a port five with its colon. */
export const MAX_HOST_LENGTH = 253 + ':65535'.length
export const MAX_TAG_LENGTH = 128
/** Hex digits of each digest algorithm that Kubernetes links in (pkg/util/parsers). */
export const DIGEST_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
])
/** Host, port, repository, tag and the longest digest, with their separators: a longer text is refused unread. */
export const MAX_REFERENCE_LENGTH =
  MAX_HOST_LENGTH + 1 + MAX_REPOSITORY_LENGTH + 1 + MAX_TAG_LENGTH + '@sha512:'.length + 128

const PATH = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*$/
const HOST = /^(?:[A-Za-z0-9]+(?:(?:\.|-+)[A-Za-z0-9]+)*|\[[A-Fa-f0-9:]+\])(?::[0-9]+)?$/
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/
const HEX = /^[0-9a-f]+$/
const BARE_IDENTIFIER = /^[0-9a-f]{64}$/

/** The texts between the separators of a reference, before anything is checked. */
export interface Parts {
  /** Everything before the tag and the digest. */
  readonly name: string
  /** What stands before the first slash, where that is a host. */
  readonly host: string | undefined
  /** The name without the host. */
  readonly path: string
  readonly tag: string | undefined
  readonly digest: string | undefined
}

/** Cuts a text at the separators of a reference; a port is a port only where a slash follows. */
export function cutReference(text: string): Parts {
  const at = text.indexOf('@')
  const beforeDigest = at === -1 ? text : text.slice(0, at)
  const slash = beforeDigest.indexOf('/')
  const first = slash === -1 ? undefined : beforeDigest.slice(0, slash)
  const host = first !== undefined && isHost(first) ? first : undefined
  const pathStart = host === undefined ? 0 : slash + 1
  const colon = beforeDigest.indexOf(':', pathStart)
  const nameEnd = colon === -1 ? beforeDigest.length : colon
  return {
    name: beforeDigest.slice(0, nameEnd),
    host,
    path: beforeDigest.slice(pathStart, nameEnd),
    tag: colon === -1 ? undefined : beforeDigest.slice(colon + 1),
    digest: at === -1 ? undefined : text.slice(at + 1),
  }
}

/** Whether a first path component counts as a registry host: `localhost`, or with a dot, a colon or an upper-case letter. */
function isHost(first: string): boolean {
  return first === 'localhost' || first.includes('.') || first.includes(':') || first.toLowerCase() !== first
}

/** The registry and the repository that parts name, by Docker Hub's conventions. */
export function normalise(parts: Parts): { readonly registry: string; readonly repository: string } {
  const registry =
    parts.host === undefined || parts.host === LEGACY_DEFAULT_REGISTRY ? DEFAULT_REGISTRY : parts.host
  const official = registry === DEFAULT_REGISTRY && !parts.path.includes('/')
  return { registry, repository: official ? OFFICIAL_PREFIX + parts.path : parts.path }
}

/** Whether the text as a whole, cut into these parts, is a legal reference. */
export function isLegal(text: string, parts: Parts): boolean {
  return (
    text.length <= MAX_REFERENCE_LENGTH &&
    !isBareIdentifier(text) &&
    isLegalHost(parts.host) &&
    isLegalPath(parts.path) &&
    normalise(parts).repository.length <= MAX_REPOSITORY_LENGTH &&
    (parts.tag === undefined || isLegalTag(parts.tag)) &&
    (parts.digest === undefined || isLegalDigest(parts.digest))
  )
}

/** 64 hex digits alone are an image ID to every client and never a name. */
export function isBareIdentifier(text: string): boolean {
  return BARE_IDENTIFIER.test(text)
}

/** A host may also look like a path component (`foo_bar.com`): the distribution parser lets that through. */
export function isLegalHost(host: string | undefined): boolean {
  return host === undefined || (host.length <= MAX_HOST_LENGTH && (HOST.test(host) || PATH.test(host)))
}

export function isLegalPath(path: string): boolean {
  return PATH.test(path)
}

export function isLegalTag(tag: string): boolean {
  return tag.length <= MAX_TAG_LENGTH && TAG.test(tag)
}

export function isLegalDigest(digest: string): boolean {
  const colon = digest.indexOf(':')
  const hex = digest.slice(colon + 1)
  return DIGEST_LENGTHS.get(digest.slice(0, Math.max(colon, 0))) === hex.length && HEX.test(hex)
}
