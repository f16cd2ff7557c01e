import type { Unread } from '../preview/preview.ts'
import type { WorkloadKind } from '../workload/kinds.ts'
import { type Api, ApiError } from './api.ts'

/** Above so many namespaces one list of all is read, and the others are left out of it. */
const MAX_SINGLE_LISTS = 20

export interface ListsOptions {
  /** Undefined: all. */
  readonly namespaces?: ReadonlySet<string>
  readonly pageSize: number
  readonly signal?: AbortSignal
}

/** A page of objects of a kind, or why no more of that kind can be read. */
export type WorkloadPage =
  | { readonly kind: WorkloadKind; readonly items: readonly object[]; readonly remaining?: number }
  | { readonly unread: Unread }

/**
 * Reads all objects of some kinds, a page at a time, in the order of the kinds. Kinds that are not installed are left out;
 * one that cannot be read is told of, and the rest is read.
 * @throws ApiError where the API server does not answer
 */
export async function* workloadPages(
  api: Api,
  kinds: readonly WorkloadKind[],
  { namespaces, pageSize, signal }: ListsOptions,
): AsyncGenerator<WorkloadPage, void, undefined> {
  const versions = new Map<string, string | undefined>([['', 'v1']])
  for (const kind of kinds) {
    try {
      if (!versions.has(kind.group)) versions.set(kind.group, await servedVersion(api, kind.group, signal))
      const version = versions.get(kind.group)
      if (version === undefined) continue
      for (const path of pathsOf(kind, version, namespaces)) yield* pages(path, kind)
    } catch (error) {
      signal?.throwIfAborted()
      if (!(error instanceof ApiError) || error.status === 0) throw error
      if (error.status === 404) continue
      yield { unread: { resource: resourceName(kind), reason: error.message } }
    }
  }

  async function* pages(path: string, kind: WorkloadKind): AsyncGenerator<WorkloadPage, void, undefined> {
    // Without a resourceVersion: from its cache (0) the API server would send everything at once, whatever the limit.
    for await (const { items, remaining } of api.list(path, { limit: pageSize }, { signal }))
      yield { kind, items: namespaces === undefined ? items : items.filter(isWanted), remaining }
  }

  function isWanted(item: object): boolean {
    const { namespace } = (item as { metadata?: { namespace?: unknown } }).metadata ?? {}
    return typeof namespace === 'string' && (namespaces?.has(namespace) ?? true)
  }
}

/** The version of a group that the API server prefers; undefined where it does not know the group. @throws ApiError */
async function servedVersion(api: Api, group: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const found = (await api.get(`/apis/${group}`, { signal })) as {
      preferredVersion?: { version?: unknown }
    }
    const version = found.preferredVersion?.version
    return typeof version === 'string' ? version : undefined
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined
    throw error
  }
}

function pathsOf(kind: WorkloadKind, version: string, namespaces: ReadonlySet<string> | undefined): string[] {
  const root = kind.group === '' ? `/api/${version}` : `/apis/${kind.group}/${version}`
  const all = [`${root}/${kind.resource}`]
  if (kind.clusterScoped) return namespaces === undefined ? all : []
  if (namespaces === undefined || namespaces.size > MAX_SINGLE_LISTS) return all
  return [...namespaces].map(
    (namespace) => `${root}/namespaces/${encodeURIComponent(namespace)}/${kind.resource}`,
  )
}

/** `deployments.apps`, as kubectl calls it. */
export function resourceName({ resource, group }: Pick<WorkloadKind, 'resource' | 'group'>): string {
  return group === '' ? resource : `${resource}.${group}`
}
