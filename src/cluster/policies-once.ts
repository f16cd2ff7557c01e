import { accept, type StoredPolicy, storedPolicy } from '../policy/accepted.ts'
import { PolicyError, type PolicyProblem } from '../policy/parse.ts'
import { type PolicySet, policySet } from '../policy/policy-set.ts'
import { API_VERSION } from '../policy/schema.ts'
import type { Namespace } from '../policy/switch.ts'
import { type Api, ApiError, type AskOptions } from './api.ts'

/** What a cluster says at one moment. */
export interface ClusterSnapshot {
  readonly policies: PolicySet
  /** With all their labels, by name. */
  readonly namespaces: ReadonlyMap<string, Namespace>
  /** TagPolicies that make no sense as they stand. */
  readonly refused: readonly RefusedPolicy[]
  /** Whether the cluster knows the kind TagPolicy; where it does not, the built-in policy holds. */
  readonly installed: boolean
}

export interface RefusedPolicy {
  readonly name: string
  readonly problems: readonly PolicyProblem[]
  /** The generation that stays in force; undefined where none was ever accepted. */
  readonly inForce?: number
}

export interface OnceOptions extends AskOptions {
  /** Reads this one namespace, which takes less of a right than reading all. One that does not exist is left out. */
  readonly namespace?: string
  /** Reads those whose labels fit. */
  readonly labelSelector?: string
}

/** What a namespace can be called (RFC 1123, a label); nothing else is asked for. */
const NAME = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/

/** As many as kubectl asks for at once. */
const PAGE = 500

/**
 * Reads the TagPolicies and namespaces of a cluster, for a command that answers once.
 * @throws ApiError where either may not be read
 */
export async function policiesOnce(api: Api, options: OnceOptions = {}): Promise<ClusterSnapshot> {
  const [read, namespaces] = await Promise.all([readPolicies(api, options), readNamespaces(api, options)])
  return { ...read, namespaces }
}

/** Reads the TagPolicies alone. @throws ApiError */
export async function readPolicies(
  api: Api,
  options: AskOptions = {},
): Promise<Omit<ClusterSnapshot, 'namespaces'>> {
  const stored: StoredPolicy[] = []
  try {
    for await (const { items } of api.list(`/apis/${API_VERSION}/tagpolicies`, { limit: PAGE }, options))
      stored.push(...items.map(storedPolicy))
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error
    return { policies: policySet(new Map()), refused: [], installed: false }
  }
  const accepted = accept(stored, new Map())
  const refused = stored.flatMap(({ name, read }): RefusedPolicy[] => {
    if (!(read instanceof PolicyError)) return []
    const last = accepted.get(name)
    return [{ name, problems: read.problems, ...(last && { inForce: last.generation }) }]
  })
  const sources = new Map([...accepted].map(([name, { tagPolicy }]) => [name, tagPolicy]))
  return { policies: policySet(sources), refused, installed: true }
}

/** Reads all namespaces, or one. @throws ApiError */
export async function readNamespaces(
  api: Api,
  { namespace, labelSelector, ...options }: OnceOptions = {},
): Promise<ReadonlyMap<string, Namespace>> {
  const found = new Map<string, Namespace>()
  const take = (item: object) => {
    const { name, labels = {} } = (item as { metadata: { name: string; labels?: Record<string, string> } })
      .metadata
    found.set(name, { name, labels })
  }
  if (namespace === undefined) {
    for await (const { items } of api.list('/api/v1/namespaces', { limit: PAGE, labelSelector }, options))
      items.forEach(take)
    return found
  }
  if (!NAME.test(namespace)) return found
  try {
    take((await api.get(`/api/v1/namespaces/${namespace}`, options)) as object)
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error
  }
  return found
}
