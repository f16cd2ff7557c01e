import {
  cutReference,
  DIGEST_LENGTHS,
  isBareIdentifier,
  isLegal,
  isLegalDigest,
  isLegalHost,
  isLegalPath,
  isLegalTag,
  MAX_HOST_LENGTH,
  MAX_REFERENCE_LENGTH,
  MAX_REPOSITORY_LENGTH,
  MAX_TAG_LENGTH,
  type Parts,
} from './grammar.ts'
import { placeholderIn } from './placeholder.ts'
import { unrenderedTemplate } from './unrendered-template.ts'

/** What is wrong with a text that is no legal reference, and what to write instead where that is known. */
export interface ReferenceProblem {
  /** A clause whose subject is the image: `has upper-case letters in its repository`. */
  readonly problem: string
  /** What to do, a clause in the imperative, where more is known than that it has to be legal. */
  readonly action?: string
  readonly suggestion?: string
}

/** How much of somebody's text is quoted in a problem: enough to find the place by. */
const MAX_QUOTED_LENGTH = 40

const TAG_CHARACTERS = 'use only letters, digits, _, . and - in the tag'

const FILL_IN = 'put the real value in its place'

const SCHEME = /^[a-z][a-z0-9+.-]{0,30}:\/\//i
const ANGLE_PLACEHOLDER = /<[A-Za-z][A-Za-z0-9 _-]{0,39}>/

/** Explains why a text is no legal reference, the most telling reason first. */
export function problemOf(text: string): ReferenceProblem {
  const whole = wholeTextProblem(text)
  if (whole !== undefined) return whole
  const parts = cutReference(text)
  return (
    placeholderProblem(parts) ??
    hostProblem(parts) ??
    pathProblem(text, parts) ??
    tagProblem(text, parts) ??
    digestProblem(text, parts) ??
    lengthProblem()
  )
}

function wholeTextProblem(text: string): ReferenceProblem | undefined {
  if (text === '') return { problem: 'is empty' }
  if (text.trim() === '') return { problem: 'holds nothing but blanks' }
  if (text.length > MAX_REFERENCE_LENGTH) {
    return {
      problem: `is ${text.length} characters long, where a reference has at most ${MAX_REFERENCE_LENGTH}`,
    }
  }
  const placeholder = ANGLE_PLACEHOLDER.exec(text)?.[0]
  if (placeholder !== undefined) {
    return { problem: `still holds the placeholder ${placeholder}`, action: FILL_IN }
  }
  const template = unrenderedTemplate(text)
  if (template !== undefined) {
    return { problem: `holds ${quote(template)}, which nothing has filled in`, action: fillIn(template) }
  }
  if (text.trim() !== text) return { problem: 'has white space around it', ...suggest(text.trim()) }
  const scheme = SCHEME.exec(text)?.[0]
  if (scheme !== undefined) {
    return {
      problem: `begins with ${scheme}: a reference has no scheme`,
      ...suggest(text.slice(scheme.length)),
    }
  }
  if (isBareIdentifier(text)) {
    return { problem: 'is an image ID, not a reference: it names no repository to pull from' }
  }
  return undefined
}

/** What fills in a template of the kind that was left. */
function fillIn(template: string): string {
  if (template.startsWith('{{')) return 'render it first: helm template does, if it is from a chart'
  if (template.startsWith('$(') || template.startsWith('<%')) return 'fill it in before it is submitted'
  return 'fill it in before it is submitted, for example with envsubst < FILE'
}

/** A name that is not legal, and all capitals: in lower case it would be no better. */
function placeholderProblem({ name }: Parts): ReferenceProblem | undefined {
  const placeholder = placeholderIn(name)
  if (placeholder === undefined || placeholder === placeholder.toLowerCase()) return undefined
  const problem =
    placeholder === name ? 'looks like a placeholder' : `seems to hold the placeholder ${quote(placeholder)}`
  return { problem, action: FILL_IN }
}

function hostProblem({ host }: Parts): ReferenceProblem | undefined {
  if (host === undefined || isLegalHost(host)) return undefined
  if (host.length > MAX_HOST_LENGTH) {
    return {
      problem: `has a registry host of ${host.length} characters, where ${MAX_HOST_LENGTH} is the most`,
    }
  }
  const colon = host.lastIndexOf(':')
  if (colon > 0 && isLegalHost(host.slice(0, colon))) {
    return {
      problem: `has a slash after ${quote(host)}, where ${quote(host.slice(colon + 1))} is no port number`,
    }
  }
  return { problem: `has ${quote(host)} where a registry host belongs` }
}

function pathProblem(text: string, parts: Parts): ReferenceProblem | undefined {
  const { path } = parts
  if (isLegalPath(path)) return undefined
  if (path === '') return { problem: 'has no repository' }
  const lower = path.toLowerCase()
  if (lower !== path && isLegalPath(lower)) {
    const start = parts.name.length - path.length
    const before = text.slice(0, start)
    return {
      problem: 'has upper-case letters in its repository',
      // `Team/App`: only its capitals make `Team` a host, and nobody has one of that name.
      ...suggest(
        (/[.:]/.test(before) ? before : before.toLowerCase()) + lower + text.slice(parts.name.length),
      ),
    }
  }
  if (path.endsWith('/')) return { problem: 'ends its repository with a slash' }
  if (path.startsWith('/') || path.includes('//')) {
    const joined = text.slice(0, parts.name.length).split('/').filter(Boolean).join('/')
    return {
      problem: 'has an empty part between the slashes of its name',
      ...suggest(joined + text.slice(parts.name.length)),
    }
  }
  const odd = oddCharacter(path, /[a-zA-Z0-9._/-]/)
  if (odd !== undefined) return { problem: `has ${odd} in its repository` }
  return {
    problem: `has the repository ${quote(path)}, where each part begins and ends with a letter or a digit`,
  }
}

function tagProblem(text: string, { name, tag, digest }: Parts): ReferenceProblem | undefined {
  if (tag === undefined || isLegalTag(tag)) return undefined
  const rest = digest === undefined ? '' : `@${digest}`
  if (tag === '') {
    // Without the colon it would mean latest, which is no advice to give; beside a digest it is harmless.
    const problem = 'has a colon but no tag behind it'
    return rest === '' ? { problem, action: 'write the tag behind it' } : { problem, ...suggest(name + rest) }
  }
  if (tag.length > MAX_TAG_LENGTH) {
    return { problem: `has a tag of ${tag.length} characters, where ${MAX_TAG_LENGTH} is the most` }
  }
  if (tag.includes('+') && isLegalTag(tag.replaceAll('+', '_'))) {
    return {
      problem: 'has a + in its tag, which no tag may hold (Helm and others write _ for it)',
      ...suggest(`${name}:${tag.replaceAll('+', '_')}${rest}`),
    }
  }
  if (tag.includes(':')) return { problem: `has a second colon in ${quote(text.slice(name.length))}` }
  const odd = oddCharacter(tag, /[a-zA-Z0-9._-]/)
  if (odd !== undefined) return { problem: `has ${odd} in its tag`, action: TAG_CHARACTERS }
  return {
    problem: `has the tag ${quote(tag)}, where a letter, a digit or _ has to come first`,
    action: 'leave out what stands before that',
  }
}

function digestProblem(text: string, { name, tag, digest }: Parts): ReferenceProblem | undefined {
  if (digest === undefined || isLegalDigest(digest)) return undefined
  const colon = digest.indexOf(':')
  const algorithm = digest.slice(0, Math.max(colon, 0))
  const hex = digest.slice(colon + 1)
  const length = DIGEST_LENGTHS.get(algorithm)
  if (colon === -1 || algorithm === '') {
    // `nginx@1.25.3`: a tag stands behind a colon.
    const meant = tag === undefined && isLegalTag(digest) ? suggest(`${name}:${digest}`) : {}
    return { problem: 'has no digest of the form sha256:… after its @', ...meant }
  }
  if (length === undefined) {
    return {
      problem: `has a digest of the kind ${quote(algorithm)}, where sha256, sha384 and sha512 are known`,
    }
  }
  if (hex.length !== length) {
    return { problem: `has a ${algorithm} digest of ${hex.length} characters, where ${length} belong` }
  }
  return {
    problem: `has a ${algorithm} digest that is not lower-case hexadecimal`,
    ...suggest(text.slice(0, -digest.length) + digest.toLowerCase()),
  }
}

/** What is left when every part is legal by itself. */
function lengthProblem(): ReferenceProblem {
  return { problem: `has a repository of more than ${MAX_REPOSITORY_LENGTH} characters` }
}

/** The first character that is not among the allowed, named so that it can be seen. */
function oddCharacter(text: string, allowed: RegExp): string | undefined {
  for (const character of text) {
    if (allowed.test(character)) continue
    if (character === ' ') return 'a space'
    if (/^[!-~]$/.test(character)) return `the character ${character}`
    const point = character.codePointAt(0) ?? 0
    return `the character U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  }
  return undefined
}

/** A piece of somebody's text, cut; what cannot be printed safely is escaped as messages escape the whole text. */
function quote(text: string): string {
  const cut = text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text
  return cut.replaceAll(/[^ -~…]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** A suggestion, only where it is itself a legal reference. */
function suggest(text: string): { readonly suggestion?: string } {
  return isLegal(text, cutReference(text)) ? { suggestion: text } : {}
}
