import { BUILT_IN_KINDS, type KindRow } from './built-in-kinds.ts'
import { type Path, PathError, parsePath, runsBeside } from './path.ts'

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
  /** Whether its objects are in no namespace. */
  readonly clusterScoped: boolean
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
  /** A field of the object around the pod spec that bounds its time in seconds: a Job's `spec.activeDeadlineSeconds`. */
  readonly deadline?: Path
}

export interface ImagePlace {
  readonly image: Path
  readonly pullPolicy?: Path
  /** How a person is told where the pull policy goes: its name where it stands beside the image, else its whole path. */
  readonly pullPolicyField?: string
  readonly group?: GroupName
  readonly deadline?: Path
  /** Set where the image is that of a whole container (a step, a sidecar) and not a bare field. */
  readonly list?: 'containers' | 'initContainers'
}

/** A fixed name (`head`), or the path, relative to the object, of the field that names it; a map's key where the path ends in `{*}`. */
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

/** Kubernetes' own groups: their versions are named, so that a new one is met only after it was looked at; matchPolicy Equivalent has the API server convert the others. */
const OWN_GROUPS: ReadonlySet<string> = new Set(['', 'apps', 'batch'])

const BUILT_IN: readonly WorkloadKind[] = BUILT_IN_KINDS.map(compile)

/** Whether a kind is built in and Kubernetes' own. Its row has what no policy can write (`pods/ephemeralcontainers`). */
export function isKubernetesOwn(group: string, kind: string): boolean {
  return OWN_GROUPS.has(group) && BUILT_IN.some((row) => row.group === group && row.kind === kind)
}

/**
 * The built-in kinds with a policy's own; one of the policy replaces a built-in one of the same group and kind.
 * @throws PathError for a path of a policy's kind that cannot be read
 */
export function kindsTable(custom: readonly CustomKind[] = []): KindsTable {
  const byName = new Map<string, WorkloadKind>()
  for (const kind of [...BUILT_IN, ...custom.map(compile)]) byName.set(`${kind.group}/${kind.kind}`, kind)
  return Object.freeze({
    all: Object.freeze([...byName.values()]),
    find: (group: string, kind: string) => byName.get(`${group}/${kind}`),
  })
}

function compile(row: KindRow): WorkloadKind {
  const podSpecs = (row.podSpecs ?? []).map((text): PodSpecPlace => {
    const place = typeof text === 'string' ? { path: text } : text
    const path = parsePath(place.path)
    return { path, ...beside(path, place) }
  })
  const images = (row.images ?? []).map((place): ImagePlace => {
    const image = parsePath(place.image)
    const pullPolicy = place.pullPolicy === undefined ? undefined : parseBeside(image, place.pullPolicy)
    const pullPolicyField = pullPolicy && fieldBeside(image.text, pullPolicy.text)
    return { image, pullPolicy, pullPolicyField, list: place.list, ...beside(image, place) }
  })
  return Object.freeze({
    group: row.group,
    kind: row.kind,
    resource: row.resource,
    subresources: row.subresources ?? [],
    versions: OWN_GROUPS.has(row.group) ? ['v1'] : ['*'],
    podSpecs: Object.freeze(podSpecs),
    images: Object.freeze(images),
    clusterScoped: row.clusterScoped ?? false,
    longLived: row.longLived ?? false,
    substitution: row.substitution,
    resolvesTags: row.resolvesTags ?? false,
  })
}

function beside(path: Path, row: { group?: string; groupField?: string; deadline?: string }) {
  let group: GroupName | undefined
  if (row.group !== undefined) group = { fixed: row.group }
  if (row.groupField !== undefined) group = { field: parseBeside(path, row.groupField) }
  return { group, deadline: row.deadline === undefined ? undefined : parseBeside(path, row.deadline) }
}

/** A path as seen from another: its last field where both are fields of one object. */
function fieldBeside(image: string, path: string): string {
  const parent = (text: string) => text.slice(0, text.lastIndexOf('.') + 1)
  return parent(path) === parent(image) ? path.slice(parent(path).length) : path
}

/** Parses a path that is read beside another: its wildcards take what the other's took. */
function parseBeside(path: Path, text: string): Path {
  const other = parsePath(text)
  if (!runsBeside(other, path)) {
    throw new PathError(`the path ${text} has a wildcard where ${path.text} has none; both must share theirs`)
  }
  return other
}
