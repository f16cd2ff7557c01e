import parseSemver from 'semver/functions/parse.js'
import { fullVersionOf } from './full-version.ts'
import { hintOf } from './hint.ts'
import { movingBuildOf } from './moving-build.ts'
import { movingLineOf, numberedBuildOf } from './moving-line.ts'
import type { Reference } from './reference.ts'
import { numberedVersionOf, type ReleaseLine, releaseLineOf } from './release-line.ts'
import { stampOf } from './stamp.ts'
import { partsOf, type TagParts } from './tag-parts.ts'

/** The kinds of an image reference (see the README, "Tag kinds"). */
export const TAG_KINDS = ['invalid', 'digest', 'version', 'latest', 'floating', 'partial'] as const
export type TagKindName = (typeof TAG_KINDS)[number]

/** The kind of an image reference and the explanation that goes with it. */
export type TagKind = {
  /** Whether what the reference names may change: latest, partial and floating do. */
  readonly moving: boolean
  /** Why, a clause whose subject is the image: `moves to each new 1.36.z`, `names one version: 1.2.3`. */
  readonly why: string
  /** A further suspicion worth a look, a full sentence without a stop: `test.com:5000 looks like a host: was a path forgotten?` */
  readonly hint?: string
} & (
  | { readonly name: 'invalid' }
  | { readonly name: 'digest' }
  | { readonly name: 'latest'; readonly implied: boolean }
  | {
      readonly name: 'version'
      /** `policy`: a glob of the policy; `numbered`: `1.2-rc1`, `1.24-1`; `opaque`: by convention written once. */
      readonly form: 'policy' | 'stamped' | 'full' | 'numbered' | 'opaque'
      /** The whole tag as the semver package reads it, where it does: `1.2.3-rc.1` for `v1.2.3-rc.1_linux`. */
      readonly semver?: string
      /** The component that decided: the stamp, the full version. */
      readonly component?: string
    }
  | {
      readonly name: 'partial'
      /** The release line as written: `1.36`, `v1`. */
      readonly line: string
      /** What is missing behind `line`. */
      readonly missing: readonly ['patch'] | readonly ['minor', 'patch']
      /** The tag's text after the line (and after a `.x`): `-alpine`, or an empty string. */
      readonly variant: string
      /** Whether the whole tag is a plain number, which may be somebody's own counter. */
      readonly bareNumber: boolean
      readonly fromPolicy?: boolean
    }
  | {
      readonly name: 'floating'
      /** The component that moves (`snapshot`, `alpine`). */
      readonly word: string
      /** A build that moves (`nightly`) or a line that moves (`stable`, `bookworm`). */
      readonly of: 'build' | 'line'
      readonly fromPolicy?: boolean
    }
)

/** What a policy says about tags; the classification needs nothing else of it. */
export interface TagFacts {
  /** What is known of a registry (`docker.io`, `localhost:5000`), or undefined. */
  registry(host: string): RegistryFacts | undefined
  /** The kind that the policy's own globs give, or undefined. */
  kindByGlob(reference: Reference): 'version' | 'latest' | 'partial' | 'floating' | undefined
}

export interface RegistryFacts {
  readonly host: string
  readonly retention?: import('./retention.ts').RetentionRule
  /** Whether a bare number is a build number (kind version). */
  readonly buildNumbers: boolean
}

/** Facts that know no registry and no glob. */
export const NO_FACTS: TagFacts = { registry: () => undefined, kindByGlob: () => undefined }

/**
 * The kind of a reference that parses. The rules apply in this order; the first that fits decides.
 * @param tag the tag to judge: the reference's own, without a retention suffix where its registry has retention
 */
export function tagKind(reference: Reference, tag: string | undefined, facts: TagFacts): TagKind {
  const kind = kindOf(reference, tag, facts)
  const hint = hintOf(reference)
  return hint === undefined ? kind : { ...kind, hint }
}

function kindOf(reference: Reference, tag: string | undefined, facts: TagFacts): TagKind {
  if (reference.digest !== undefined) return { name: 'digest', moving: false, why: 'is pinned by its digest' }
  const byPolicy = facts.kindByGlob(reference)
  if (byPolicy !== undefined) return kindByPolicy(byPolicy, tag)
  if (tag === undefined) {
    return { name: 'latest', implied: true, moving: true, why: 'has no tag and so means latest' }
  }
  const parts = partsOf(tag)
  return (
    stamped(parts, facts.registry(reference.registry)?.buildNumbers === true) ??
    latest(parts) ??
    versioned(parts) ??
    partial(tag) ??
    numberedBuild(parts) ??
    floatingLine(parts) ?? {
      ...VERSION,
      form: 'opaque',
      component: tag,
      why: `is tagged ${tag}, by convention a version that is pushed once`,
    }
  )
}

const VERSION = { name: 'version', moving: false } as const

function kindByPolicy(kind: 'version' | 'latest' | 'partial' | 'floating', tag: string | undefined): TagKind {
  const text = tag ?? 'latest'
  switch (kind) {
    case 'version':
      return {
        ...VERSION,
        form: 'policy',
        component: text,
        why: `names one version, says the policy: ${text}`,
      }
    case 'latest':
      return {
        name: 'latest',
        implied: tag === undefined,
        moving: true,
        why: 'changes with every push, says the policy',
      }
    case 'partial': {
      const line = releaseLineOf(text) ?? { line: text, missing: ['patch'] as const, variant: '' }
      return { ...partialKind(text, line), why: `${movesToEach(line)}, says the policy`, fromPolicy: true }
    }
    case 'floating':
      return {
        name: 'floating',
        moving: true,
        word: text,
        of: 'line',
        why: 'is a tag that moves, says the policy',
        fromPolicy: true,
      }
  }
}

/** Also a bare number, where the policy says that the registry's are build numbers. */
function stamped(parts: TagParts, buildNumbers: boolean): TagKind | undefined {
  const counted = buildNumbers && BARE_NUMBER.test(parts.tag)
  const stamp = counted ? ({ text: parts.tag, what: 'the build number' } as const) : stampOf(parts)
  if (stamp === undefined) return undefined
  return { ...VERSION, form: 'stamped', component: stamp.text, why: `carries ${stamp.what} ${stamp.text}` }
}

const BARE_NUMBER = /^\d+$/

function latest({ lower }: TagParts): TagKind | undefined {
  if (!lower.includes('latest')) return undefined
  const why =
    lower.length === 1 ? 'changes with every push' : 'changes with every push, as "latest" in its tag says'
  return { name: 'latest', implied: false, moving: true, why }
}

/** A build word comes first, because `1.2.3-SNAPSHOT` is pushed again in spite of its version. */
function versioned(parts: TagParts): TagKind | undefined {
  const full = fullVersionOf(parts)
  const build = movingBuildOf(parts, full !== undefined)
  if (build !== undefined) return { name: 'floating', moving: true, of: 'build', ...build }
  if (full === undefined) return undefined
  const semver = semverOf(parts.tag)
  return {
    ...VERSION,
    form: 'full',
    component: full,
    ...(semver === undefined ? {} : { semver }),
    why: `names one version: ${full}`,
  }
}

/** Tags have no +, so those who tag by semantic version write _ for it, as Helm does. */
function semverOf(tag: string): string | undefined {
  return BEGINS_WITH_VERSION.test(tag) ? parseSemver(tag.replace('_', '+'))?.version : undefined
}

/** The semver package throws and catches for what does not parse, which is slow: only likely texts are worth it. */
const BEGINS_WITH_VERSION = /^v?\d+\.\d+\.\d+(?:$|[-_])/

function partial(tag: string): TagKind | undefined {
  const numbered = numberedVersionOf(tag)
  if (numbered !== undefined) return numberedKind(numbered)
  const line = releaseLineOf(tag)
  return line === undefined ? undefined : partialKind(tag, line)
}

function partialKind(tag: string, line: ReleaseLine): TagKind & { readonly name: 'partial' } {
  return { name: 'partial', moving: true, ...line, bareNumber: BARE_NUMBER.test(tag), why: movesToEach(line) }
}

function movesToEach({ line, missing }: ReleaseLine): string {
  return `moves to each new ${line}${missing.length === 2 ? '.y.z' : '.z'}`
}

function numberedBuild(parts: TagParts): TagKind | undefined {
  const numbered = numberedBuildOf(parts)
  return numbered === undefined ? undefined : numberedKind(numbered)
}

function numberedKind(numbered: string): TagKind {
  return { ...VERSION, form: 'numbered', component: numbered, why: `names one version: ${numbered}` }
}

function floatingLine(parts: TagParts): TagKind | undefined {
  const line = movingLineOf(parts)
  return line === undefined ? undefined : { name: 'floating', moving: true, of: 'line', ...line }
}
