import type { Path } from './path.ts'

/** A kind of object that makes containers, and where they are in it. */
export interface WorkloadKind {
  /** API group; an empty string for the core group. */
  readonly group: string
  readonly kind: string
  /** The plural name as in a URL: `deployments`. */
  readonly resource: string
  /** Further resources that carry the same object: `pods/ephemeralcontainers`. */
  readonly subresources: readonly string[]
  /** The versions to register; `["*"]` for groups of custom resources. */
  readonly versions: readonly string[]
  /** Paths to pod specs (with `containers`, `initContainers`, `ephemeralContainers`, `volumes`). */
  readonly podSpecs: readonly PodSpecPlace[]
  /** Paths to single containers or to bare image fields. */
  readonly images: readonly ImagePlace[]
  /** Whether it runs until somebody deletes it, so that it outlives what a retention registry keeps. */
  readonly longLived: boolean
  /** How the kind writes placeholders: an image that holds one is skipped here and seen at the Pod. */
  readonly substitution?: 'tekton' | 'argo'
  /** Whether the kind resolves tags to digests itself (Knative), so that the pull policy cannot make copies stale. */
  readonly resolvesTags: boolean
}

export interface PodSpecPlace {
  readonly path: Path
  /** How to name the group the containers are in, see containers.ts; undefined: no group. */
  readonly group?: GroupName
}

export interface ImagePlace {
  readonly image: Path
  readonly pullPolicy?: Path
  readonly group?: GroupName
}

/** A fixed name (`head`), or the path, relative to the object, of the field that names it; a map's key where the path ends in `{}`. */
export type GroupName = { readonly fixed: string } | { readonly field: Path }

/** All kinds, looked up by group and kind. */
export interface KindsTable {
  readonly all: readonly WorkloadKind[]
  find(group: string, kind: string): WorkloadKind | undefined
}

/** A further kind as a policy writes it (spec.cluster.workloads[]). */
export interface CustomKind {
  readonly group: string
  readonly kind: string
  readonly resource: string
  readonly longLived?: boolean
  readonly podSpecs?: readonly string[]
  readonly images?: readonly { readonly image: string; readonly pullPolicy?: string }[]
}

/** The built-in kinds with a policy's own; one of the policy replaces a built-in one of the same group and kind. */
export function kindsTable(custom: readonly CustomKind[] = []): KindsTable {
  throw new Error(`not written yet: ${custom.length}`)
}
