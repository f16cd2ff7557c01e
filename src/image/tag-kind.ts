import type { Reference } from './reference.ts'

/** The kinds of an image reference (see the README, "Tag kinds"). */
export const TAG_KINDS = ['invalid', 'digest', 'version', 'latest', 'floating', 'partial'] as const
export type TagKindName = (typeof TAG_KINDS)[number]

/** The kind of an image reference and the explanation that goes with it. */
export type TagKind = {
  /** Whether what the reference names may change: latest, partial and floating do. */
  readonly moving: boolean
  /** Why, a clause whose subject is the image: `moves to each new 1.36.z`, `holds the full version 1.2.3`. */
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
      readonly form: 'policy' | 'stamped' | 'full' | 'numbered' | 'semver' | 'opaque'
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
 * The kind of a reference that parses.
 * @param tag the tag to judge: the reference's own, without a retention suffix where its registry has retention
 */
export function tagKind(reference: Reference, tag: string | undefined, facts: TagFacts): TagKind {
  throw new Error(`not written yet: ${reference.original} ${tag} ${facts}`)
}
