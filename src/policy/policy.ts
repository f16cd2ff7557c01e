import type { ImageReader } from '../image/reader.ts'
import type { KindsTable } from '../workload/kinds.ts'
import type { Mode } from './mode.ts'
import type { RuleId } from './rule-modes.ts'

/** A policy in force: validated, compiled, frozen. */
export interface Policy {
  readonly name: string
  /** The switch before namespaces and dates are looked at. */
  readonly mode: Mode
  readonly enforceFrom?: PolicyDate
  readonly namespaceModes: readonly NamespaceMode[]
  /** Whether it lists a namespace among those that may choose it by label; undefined where it lists none. */
  readonly offeredTo?: (namespace: string) => boolean
  /** Each rule's own mode, the defaults filled in. */
  readonly rules: Readonly<Record<RuleId, Mode>>
  /** Ceiling for ephemeral containers. */
  readonly ephemeralContainers: Mode
  /** Ceiling for objects that a controller makes again. */
  readonly ownedObjects: Mode
  readonly helpURL?: string
  readonly exemptions: readonly Exemption[]
  readonly cluster: ClusterFacts
}

/** Facts about the cluster that all policies share. */
export interface ClusterFacts {
  readonly namespaceOverride: 'any' | 'stricter' | 'ignored'
  readonly controllers: 'cluster' | 'builtIn'
  /** Reads an image with the policy's registries and globs. */
  readonly readImage: ImageReader
  /** The hosts of registries that keep images (in the policy, without retention), first the one to recommend. */
  readonly keepingRegistries: readonly string[]
  readonly alwaysPullImages: boolean
  readonly trustedControllers: readonly string[]
  /** The built-in kinds and the policy's own. */
  readonly kinds: KindsTable
}

/** `yyyy-mm-dd`, a day that exists. It begins and ends at 00:00 UTC. */
export type PolicyDate = string

export interface NamespaceMode {
  readonly mode: Mode
  readonly enforceFrom?: PolicyDate
  matches(namespace: string): boolean
}

/** An exemption as compiled; whether it applies is asked in exemptions.ts. */
export interface Exemption {
  readonly name: string
  readonly reason: string
  /** The last valid day. */
  readonly expires?: PolicyDate
  /** The rules it covers; undefined: all. */
  readonly rules?: ReadonlySet<RuleId>
  /** How many globs it has: what it costs to ask it. */
  readonly globs: number
  matchesImage(image: import('../image/image.ts').Image): boolean
  matchesContainer(name: string): boolean
  matchesNamespace(namespace: string): boolean
}
