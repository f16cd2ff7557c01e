import type { WorkloadKind } from '../workload/kinds.ts'
import { type Api, ApiError, type AskOptions } from './api.ts'

/**
 * Which kinds the API server has, and in which version. It has to be asked: who may not list a kind is refused, whether it is
 * installed or not. Whoever is logged in may ask (ClusterRole system:discovery).
 */
export class ServedKinds {
  readonly #api: Api
  readonly #options: AskOptions
  #groups: Promise<ReadonlyMap<string, readonly string[]>> | undefined
  /** The resources of a group's version, by `GROUP/VERSION`. */
  readonly #resources = new Map<string, Promise<ReadonlySet<string>>>()

  constructor(api: Api, options: AskOptions = {}) {
    this.#api = api
    this.#options = options
  }

  /**
   * The version to read a kind in; undefined where it is not installed. A group may have it in other versions than the one
   * that it prefers: kubeflow.org prefers v1, and the MPI operator's MPIJob is in v2beta1.
   * @throws ApiError
   */
  async versionOf({ group, resource, versions }: WorkloadKind): Promise<string | undefined> {
    if (!versions.includes('*')) return versions[0]
    this.#groups ??= this.#readGroups()
    for (const version of (await this.#groups).get(group) ?? []) {
      const path = `/apis/${group}/${version}`
      const read = this.#resources.get(path) ?? this.#readResources(path)
      this.#resources.set(path, read)
      if ((await read).has(resource)) return version
    }
    return undefined
  }

  /** An APIGroupList: the versions of each group, the preferred one first. */
  async #readGroups(): Promise<ReadonlyMap<string, readonly string[]>> {
    const groups = await this.#list('/apis', 'groups')
    return new Map(
      groups.map(({ name, preferredVersion, versions }) => {
        const others = Array.isArray(versions) ? versions : []
        const all = [preferredVersion, ...others].map((it) => Object(it).version)
        return [String(name), [...new Set(all)].filter((it) => typeof it === 'string')]
      }),
    )
  }

  /** An APIResourceList; one of a subresource has a name such as `jobs/status`. */
  async #readResources(path: string): Promise<ReadonlySet<string>> {
    const resources = await this.#list(path, 'resources')
    return new Set(resources.map(({ name }) => String(name)))
  }

  async #list(path: string, field: string): Promise<Record<string, unknown>[]> {
    const answer = Object(await this.#api.get(path, this.#options))[field]
    if (!Array.isArray(answer)) throw new ApiError(`${path}: the answer has no ${field}`, 200, '')
    return answer.map(Object)
  }
}
