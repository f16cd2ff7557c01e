import { type Api, ApiError, type AskOptions } from './api.ts'

/** The versions that each API group is served in, the preferred one first. */
export type ServedVersions = ReadonlyMap<string, readonly string[]>

interface ApiGroup {
  readonly name?: unknown
  readonly preferredVersion?: { readonly version?: unknown } | null
  readonly versions?: unknown
}

/** Asks the API server which groups it serves (an APIGroupList, which whoever is logged in may read). @throws ApiError */
export async function servedVersions(api: Api, options: AskOptions = {}): Promise<ServedVersions> {
  const answer = Object(await api.get('/apis', options)) as { groups?: unknown }
  if (!Array.isArray(answer.groups)) throw new ApiError('/apis: the answer is no list of groups', 200, '')
  const served = new Map<string, readonly string[]>()
  for (const group of answer.groups.map(Object) as ApiGroup[]) {
    const others = Array.isArray(group.versions) ? group.versions.map((it) => Object(it).version) : []
    const versions = [group.preferredVersion?.version, ...others].filter((it) => typeof it === 'string')
    if (typeof group.name === 'string') served.set(group.name, [...new Set(versions)])
  }
  return served
}
