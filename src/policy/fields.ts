import { PathError, parsePath } from '../workload/path.ts'
import { dateProblem } from './date.ts'
import { durationProblem } from './duration.ts'
import { globProblem } from './glob.ts'
import { imageGlobProblem, kindGlobProblem } from './image-glob.ts'
import type { TextCheck } from './json-schema.ts'
import { MODES } from './mode.ts'
import { quoted } from './quoted.ts'

/** A text with a meaning of its own: the keywords bound its length, `problem` says the rest. */
function text(description: string, maxLength: number, problem: TextCheck, more: { format?: string } = {}) {
  return { type: 'string', description, minLength: 1, maxLength, ...more, problem } as const
}

/** A check that a pattern decides. */
function shape(pattern: RegExp, expected: string): TextCheck {
  return (value) => (pattern.test(value) ? undefined : `must be ${expected}, not ${quoted(value)}`)
}

/** A check that first asks whether all literal characters of a glob can stand in the names it is for. */
function globOver(names: RegExp, noun: string): TextCheck {
  return (value) => {
    const problem = globProblem(value)
    if (problem !== undefined) return problem
    const alien = value.replace(/\[[^\]]*\]|[*?]/g, '').replace(names, '')[0]
    return alien && `can match nothing: ${noun} has no ${quoted(alien)} in its name`
  }
}

export const mode = (description: string) => ({ type: 'string', description, enum: MODES }) as const

/** `format: date` is one that the API server knows too. */
export const day = (description: string) => text(description, 32, dateProblem, { format: 'date' })

export const duration = (description: string) => text(description, 32, durationProblem)

/** 63 characters: a label's value holds that many. */
export const name = (description: string) =>
  text(description, 63, shape(DNS_NAME, 'lower-case letters, digits, "-" and "." (neither at an end)'))
const DNS_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/

export const namespaceGlob = (description: string) =>
  text(description, 253, globOver(/[a-z0-9-]/g, 'a namespace'))

export const containerGlob = (description: string) =>
  text(description, 253, globOver(/[\w.-]/g, 'a container'))

/** 512: a registry's host and port (260) and the longest repository. */
export const imageGlob = (description: string) => text(description, 512, imageGlobProblem)

export const kindGlob = (description: string) => text(description, 512, kindGlobProblem)

export const path = (description: string) =>
  text(description, 256, (value) => {
    if (!/^[!-~]+$/.test(value)) return `is no path: write spec.template.spec, not ${quoted(value)}`
    try {
      parsePath(value)
      return undefined
    } catch (error) {
      if (error instanceof PathError) return error.message
      throw error
    }
  })

export const host = (description: string) =>
  text(description, 260, (value) => {
    if (value.includes('/')) {
      const alone = value.replace(/^\w+:\/+/, '').split('/')[0] ?? ''
      return `must be the host alone${alone === '' ? '' : `: ${quoted(alone)}`}, without scheme and path`
    }
    if (/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?$/.test(value)) return undefined
    return `must be a host in lower case, with its port where images name one: registry.example.com, not ${quoted(value)}`
  })

/** The one text that may be empty: the core group has no name. */
export const group = (description: string) =>
  ({ type: 'string', description, maxLength: 253, problem: groupProblem }) as const

function groupProblem(value: string): string | undefined {
  if (value === '' || DNS_NAME.test(value)) return undefined
  return `must be an API group without a version, such as example.com, not ${quoted(value)}`
}

export const kind = (description: string) =>
  text(description, 63, shape(/^[A-Z][A-Za-z0-9]*$/, 'the kind as in a manifest, such as Pipeline'))

export const resource = (description: string) =>
  text(description, 63, shape(/^[a-z][a-z0-9-]*$/, 'the plural name in lower case, such as pipelines'))

export const url = (description: string) =>
  text(description, 256, (value) => {
    const printable = /^https?:\/\/[!-~]+$/i.test(value)
    if (printable && URL.canParse(value)) return undefined
    return `must be a URL such as https://wiki.example.com/image-tags, not ${quoted(value)}`
  })

export const sentence = (description: string) =>
  text(description, 512, (value) => (value.trim() === '' ? 'must say something' : undefined))

/** The name of a user as the API server gives it: `system:serviceaccount:NAMESPACE:NAME`, of at most 63 and 253 characters. */
export const user = (description: string) =>
  text(description, 'system:serviceaccount:'.length + 63 + 1 + 253, userProblem)

const aUser = shape(/^[^\s\p{C}]+$/u, 'a user name without spaces')
// A group's name, or half a user's, would never be anybody's.
const aServiceAccount = shape(
  /^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$/,
  'a user, for a service account system:serviceaccount:NAMESPACE:NAME',
)

function userProblem(value: string): string | undefined {
  return value.startsWith('system:serviceaccount') ? aServiceAccount(value) : aUser(value)
}
