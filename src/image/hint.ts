import { isPlaceholderTag, placeholderIn } from './placeholder.ts'
import type { Reference } from './reference.ts'

const HEX = /^[0-9a-f]+$/

/** A suspicion about a legal reference, a full sentence without a stop. */
export function hintOf(reference: Reference): string | undefined {
  return (
    imageIdHint(reference) ?? hostHint(reference) ?? placeholderHint(reference) ?? upperCaseHint(reference)
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

function placeholderHint({ name, tag, digest }: Reference): string | undefined {
  const ofTag = tag !== undefined && digest === undefined && isPlaceholderTag(tag) ? tag : undefined
  const found = placeholderIn(name) ?? ofTag
  return found === undefined ? undefined : `${found} looks like a placeholder: was it to be filled in?`
}
