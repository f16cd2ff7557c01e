import type { Unread } from '../preview/preview.ts'
import type { WorkloadKind } from '../workload/kinds.ts'
import { type Api, ApiError } from './api.ts'
import { ServedKinds } from './served-kinds.ts'

/** Above so many namespaces one list of all is read, and the others are left out of it. */
const MAX_SINGLE_LISTS = 20

export interface ListsOptions {
  /** Undefined: all, and objects of cluster scope. */
  readonly namespaces?: ReadonlySet<string>
  /** Whether a namespace counts (empty: objects of cluster scope). */
  readonly counts?: (namespace: string) => boolean
  /** Whether to read many namespaces one by one where a list of all is refused: many requests, for whoever can wait. */
  readonly singlyIfRefused?: boolean
  readonly pageSize: number
  readonly signal?: AbortSignal
}

/** A page of objects of a kind, or why no more of that kind can be read. */
export type WorkloadPage =
  | { readonly kind: WorkloadKind; readonly items: readonly object[]; readonly remaining?: number }
  | { readonly unread: Unread }

/**
 * Reads all objects of some kinds, a page at a time, in the order of the kinds. Kinds that are not installed are left out;
 * what cannot be read is told of, and the rest is read.
 * @throws ApiError where the API server does not answer
 */
export async function* workloadPages(
  api: Api,
  kinds: readonly WorkloadKind[],
  { namespaces, counts = () => true, singlyIfRefused = false, pageSize, signal }: ListsOptions,
): AsyncGenerator<WorkloadPage, void, undefined> {
  const served = new ServedKinds(api, { signal })
  for (const kind of kinds) {
    const places = placesOf(kind, namespaces)
    for (const namespace of places)
      try {
        const version = await served.versionOf(kind)
        if (version !== undefined) yield* pages(kind, pathOf(kind, version, namespace))
      } catch (error) {
        signal?.throwIfAborted()
        if (!(error instanceof ApiError) || error.status === 0) throw error
        const refused = error.status === 403 && namespace === undefined
        // RoleBindings let one read namespaces and no list of all; what is put in here is read next.
        if (refused && singlyIfRefused && namespaces !== undefined) places.push(...namespaces)
        // It was removed since.
        else if (error.status !== 404) yield { unread: unreadOf(kind, error) }
      }
  }

  async function* pages(kind: WorkloadKind, path: string): AsyncGenerator<WorkloadPage, void, undefined> {
    // Without a resourceVersion: from its cache (0) the API server sends everything at once, whatever the limit.
    for await (const { items, remaining } of api.list(path, { limit: pageSize }, { signal }))
      yield { kind, items: items.filter(isWanted), remaining }
  }

  function isWanted(item: object): boolean {
    const { namespace = '' } = (Object(item) as { metadata?: { namespace?: unknown } }).metadata ?? {}
    return typeof namespace === 'string' && (namespaces?.has(namespace) ?? true) && counts(namespace)
  }
}

/** Which lists of a kind are read: those of some namespaces, or one of all. */
function placesOf(kind: WorkloadKind, namespaces: ReadonlySet<string> | undefined): (string | undefined)[] {
  if (namespaces === undefined) return [undefined]
  if (kind.clusterScoped) return []
  return namespaces.size > MAX_SINGLE_LISTS ? [undefined] : [...namespaces]
}

function pathOf({ group, resource }: WorkloadKind, version: string, namespace: string | undefined): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return namespace === undefined
    ? `${root}/${resource}`
    : `${root}/namespaces/${encodeURIComponent(namespace)}/${resource}`
}

function unreadOf(kind: WorkloadKind, { status, message }: ApiError): Unread {
  const resource = resourceName(kind)
  if (status === 403) return { resource, reason: message, forbidden: true }
  const reason =
    status === 410 ? `its list grew too old while it was read, and a part is missing: ${message}` : message
  return { resource, reason }
}

/** `deployments.apps`, as kubectl calls it. */
export function resourceName({ resource, group }: Pick<WorkloadKind, 'resource' | 'group'>): string {
  return group === '' ? resource : `${resource}.${group}`
}
