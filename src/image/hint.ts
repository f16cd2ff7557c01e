import type { Reference } from './reference.ts'
import { PLACEHOLDER_PARTICLES, PLACEHOLDERS } from './words.ts'

const HEX = /^[0-9a-f]+$/
/** Tags are seldom all capitals; what somebody was to fill in mostly is. */
const CAPITALS = /^[A-Z_]+$/
const HAS_DIGIT = /\d/
const LEADING_UNDERSCORES = /^_+/
const TRAILING_UNDERSCORES = /_+$/

/** A suspicion about a legal reference, a full sentence without a stop. */
export function hintOf(reference: Reference): string | undefined {
  return (
    imageIdHint(reference) ?? hostHint(reference) ?? upperCaseHint(reference) ?? placeholderHint(reference)
  )
}

function imageIdHint({ name, tag, digest }: Reference): string | undefined {
  if (name !== 'sha256' || tag === undefined || digest !== undefined || !HEX.test(tag)) return undefined
  return 'sha256:… is an image ID, which a node reads as a repository named sha256: was NAME@sha256:… meant?'
}

function hostHint(reference: Reference): string | undefined {
  if (!looksLikeHost(reference)) return undefined
  return `${reference.name}:${reference.tag} looks like a host: was a path forgotten?`
}

/** `test.com:5000`, which is read as a repository and its tag. */
export function looksLikeHost({ name, tag, digest }: Reference): boolean {
  if (name.includes('/') || tag === undefined || digest !== undefined) return false
  return name === 'localhost' || name.includes('.')
}

function upperCaseHint({ name, registry }: Reference): string | undefined {
  if (!name.startsWith(`${registry}/`) || registry === registry.toLowerCase() || /[.:]/.test(registry))
    return undefined
  return `${registry} is read as a registry host because of its upper-case letters: was ${registry.toLowerCase()} meant?`
}

function placeholderHint({ tag, digest }: Reference): string | undefined {
  if (tag === undefined || digest !== undefined || HAS_DIGIT.test(tag)) return undefined
  const inner = tag.replace(LEADING_UNDERSCORES, '').replace(TRAILING_UNDERSCORES, '')
  const words = inner.toLowerCase().split(/[-_]/)
  const filler = (word: string) => PLACEHOLDERS.has(word) || PLACEHOLDER_PARTICLES.has(word)
  const capitals = CAPITALS.test(inner) && words.every(filler)
  const lower = words.length <= 2 && words.every(filler) && inner !== 'release'
  if (!words.some((word) => PLACEHOLDERS.has(word)) || !(capitals || lower)) return undefined
  return `${tag} looks like a placeholder: was it to be filled in?`
}
