import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Policies } from '../admission/policies.ts'
import { type Accepted, accept, type StoredPolicy, storedPolicy } from '../policy/accepted.ts'
import { TAG_POLICIES_PATH } from '../policy/custom-resource.ts'
import type { Mode } from '../policy/mode.ts'
import { ownLabels } from '../policy/own-labels.ts'
import type { PolicyInForce, PolicyVersion } from '../policy/policy-listener.ts'
import { choosePolicy, DEFAULT, type InForce, type PolicySet, policySet } from '../policy/policy-set.ts'
import type { ClusterState } from '../policy/policy-status.ts'
import { PolicyError } from '../policy/problem.ts'
import type { Namespace } from '../policy/switch.ts'
import type { SentRule } from '../workload/unsent-kinds.ts'
import type { Api } from './api.ts'
import type { ClusterListener, Followed } from './cluster-listener.ts'
import { NamespaceLookup } from './namespace-lookup.ts'
import { Reflector } from './reflector.ts'
import {
  CONFIGURATION,
  CONFIGURATIONS_PATH,
  type Registered,
  registered,
  workloadRules,
} from './registration.ts'
import { StatusWriter } from './status-writer.ts'

export interface ClusterPoliciesOptions {
  readonly api: Api
  /** Replaces the switch of every policy (`--mode`). */
  readonly mode?: Mode
  /** How long a verdict waits for a namespace that is not known yet, in milliseconds. */
  readonly lookupMs?: number
  readonly now?: () => Date
}

const NOWHERE: Namespace = Object.freeze({ name: '', labels: Object.freeze({}) })
const BUILT_IN: PolicyVersion = Object.freeze({ hash: 'built-in' })

/**
 * The policies of a cluster: its TagPolicies and the labels of its namespaces, followed by watches, so that a verdict asks
 * nobody. What was known last holds while the API server is away.
 */
export class ClusterPolicies implements Policies {
  readonly #api: Api
  readonly #mode: Mode | undefined
  readonly #now: () => Date
  readonly #tagPolicies: Reflector<StoredPolicy>
  readonly #namespaces: Reflector<Namespace>
  readonly #configuration: Reflector<readonly SentRule[] | 'entry'>
  readonly #lookup: NamespaceLookup
  /** Aborted when the policies and the namespaces are known for the first time. */
  readonly #ready = new AbortController()
  #accepted: ReadonlyMap<string, Accepted> = new Map()
  #policies: PolicySet
  #inForceNow: readonly PolicyInForce[]
  /** The versions of those that the listener knows to be in force, by name. */
  #told: ReadonlyMap<string, string> = new Map()
  /** The refused versions that were told of, by name. */
  #refused: ReadonlyMap<string, string> = new Map()

  constructor({ api, mode, lookupMs, now = () => new Date() }: ClusterPoliciesOptions) {
    this.#api = api
    this.#mode = mode
    this.#now = now
    this.#policies = policySet(new Map(), mode)
    this.#inForceNow = inForce(this.#policies, this.#accepted)
    this.#tagPolicies = new Reflector({ api, path: TAG_POLICIES_PATH, project: storedPolicy, optional: true })
    this.#namespaces = new Reflector({ api, path: '/api/v1/namespaces', project: ownLabels })
    this.#configuration = new Reflector<readonly SentRule[] | 'entry'>({
      api,
      path: CONFIGURATIONS_PATH,
      query: { fieldSelector: `metadata.name=${CONFIGURATION}` },
      project: (object) => workloadRules(object) ?? 'entry',
    })
    this.#lookup = new NamespaceLookup(api, lookupMs)
  }

  /** What holds in a namespace. @throws Error before everything was read once, or where nobody says what namespace that is */
  for(name: string): InForce | Promise<InForce> {
    const waiting = this.problem()
    // Closed, as far as tallyman goes: it is not ready, so the API server should not have asked. Its failurePolicy decides.
    if (waiting !== undefined) throw new Error(waiting)
    if (name === '') return this.#inForce(NOWHERE)
    const known = this.#namespaces.items.get(name)
    if (known !== undefined) return this.#inForce(known)
    return this.#lookup.read(name).then((namespace) => this.#inForce(namespace))
  }

  #inForce(namespace: Namespace): InForce {
    return { policy: choosePolicy(this.#policies, namespace).policy, namespace }
  }

  /** Why it cannot say yet what holds; undefined once it could, and ever after. */
  problem(): string | undefined {
    if (this.#ready.signal.aborted) return undefined
    const missing = [
      this.#tagPolicies.synced ? [] : ['TagPolicies'],
      this.#namespaces.synced ? [] : ['namespaces'],
    ]
    return `the ${missing.flat().join(' and ')} of the cluster have not been read yet`
  }

  /** Resolves when everything was read once, or when the signal aborts. */
  async ready(signal: AbortSignal): Promise<void> {
    if (this.#ready.signal.aborted || signal.aborted) return
    await once(AbortSignal.any([this.#ready.signal, signal]), 'abort')
  }

  get policies(): PolicySet {
    return this.#policies
  }

  /** By name, with the labels that are tallyman's. */
  get namespaces(): ReadonlyMap<string, Namespace> {
    return this.#namespaces.items
  }

  /** Those in force, with their versions. */
  inForce(): readonly PolicyInForce[] {
    return this.#inForceNow
  }

  /** How many are refused as they stand. */
  get refused(): number {
    return this.#refused.size
  }

  get followed(): readonly Followed[] {
    const reflectors = {
      tagpolicies: this.#tagPolicies,
      namespaces: this.#namespaces,
      validatingwebhookconfigurations: this.#configuration,
    }
    return Object.entries(reflectors).map(([resource, { synced, lostSince }]) => ({
      resource,
      synced,
      lostSince,
    }))
  }

  /** What the API server sends of what the policies know. */
  registered(): Registered {
    const { items, synced } = this.#configuration
    const rules = items.get(CONFIGURATION)
    return registered(rules ?? (synced ? 'configuration' : 'unread'), this.#policies.default.cluster.kinds)
  }

  /** Follows the cluster, and writes what became of its policies into their statuses, until the signal aborts. */
  async watch(listener: ClusterListener, signal: AbortSignal): Promise<void> {
    const status = new StatusWriter({
      api: this.#api,
      state: () => ({ stored: this.#tagPolicies.items, cluster: this.#state() }),
      failed: (error) => listener.statusFailed(error),
      now: this.#now,
    })
    let unsent = ''
    const changed = () => {
      if (this.#tagPolicies.synced && this.#namespaces.synced) this.#ready.abort()
      const registered = this.registered()
      const kinds = registered.unsent.map(({ group, kind }) => `${group}/${kind}`).join()
      if (registered.registration.status !== 'Unknown' && kinds !== unsent) {
        unsent = kinds
        listener.unsent(registered.unsent)
      }
      if (this.problem() === undefined) status.due()
    }
    const contact = (resource: string) => ({
      failed: (error: Error) => listener.lost(resource, error),
      recovered: () => listener.recovered(resource),
    })
    const policiesChanged = () => {
      this.#take(listener)
      changed()
    }
    await Promise.all([
      this.#tagPolicies.run({ changed: policiesChanged, ...contact('tagpolicies') }, signal),
      this.#namespaces.run({ changed, ...contact('namespaces') }, signal),
      this.#configuration.run({ changed, ...contact('validatingwebhookconfigurations') }, signal),
      status.run(signal),
    ])
  }

  /** Takes up the TagPolicies as they are now: all at once, so that no verdict comes from a mixture. */
  #take(listener: ClusterListener): void {
    const stored = this.#tagPolicies.items
    const before = this.#accepted
    const accepted = accept(stored.values(), before)
    if (!sameEntries(accepted, before)) {
      const sources = new Map([...accepted].map(([name, { tagPolicy }]) => [name, tagPolicy]))
      this.#policies = policySet(sources, this.#mode)
      this.#accepted = accepted
      this.#inForceNow = inForce(this.#policies, accepted)
    }
    this.#tellInForce(listener)
    this.#tellRefused(stored, listener)
  }

  #tellInForce(listener: ClusterListener): void {
    const told = this.#told
    const key = ({ hash, generation }: PolicyVersion) => `${generation} ${hash}`
    this.#told = new Map(this.#inForceNow.map(({ policy, version }) => [policy.name, key(version)]))
    for (const { policy, version } of this.#inForceNow)
      if (told.get(policy.name) !== key(version)) listener.loaded(policy, version)
    for (const name of told.keys()) if (!this.#told.has(name)) listener.gone(name)
  }

  #tellRefused(stored: ReadonlyMap<string, StoredPolicy>, listener: ClusterListener): void {
    const refused = new Map<string, string>()
    for (const { name, uid, generation, read } of stored.values()) {
      if (!(read instanceof PolicyError)) continue
      refused.set(name, `${uid} ${generation}`)
      if (this.#refused.get(name) !== refused.get(name)) listener.refused(read)
    }
    this.#refused = refused
  }

  #state(): ClusterState {
    return {
      accepted: this.#accepted,
      policies: this.#policies,
      namespaces: this.#namespaces.items,
      registration: this.registered().registration,
    }
  }
}

/** Those that were accepted, and the built-in one where none of them is the default. */
function inForce(policies: PolicySet, accepted: ReadonlyMap<string, Accepted>): PolicyInForce[] {
  const own = [...accepted].flatMap(([name, { generation, tagPolicy }]) => {
    const policy = policies.find(name)
    const hash = createHash('sha256').update(JSON.stringify(tagPolicy.spec)).digest('hex')
    return policy === undefined ? [] : [{ policy, version: { hash, generation } }]
  })
  return accepted.has(DEFAULT) ? own : [{ policy: policies.default, version: BUILT_IN }, ...own]
}

function sameEntries<T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value)
}
