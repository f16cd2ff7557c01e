import { once } from 'node:events'
import type { Policies } from '../admission/policies.ts'
import { type StoredPolicy, storedPolicy } from '../policy/accepted.ts'
import { TAG_POLICIES_PATH } from '../policy/custom-resource.ts'
import type { Mode } from '../policy/mode.ts'
import { namespaceStages, type Stage } from '../policy/namespace-stages.ts'
import { ownLabels } from '../policy/own-labels.ts'
import type { PolicyInForce } from '../policy/policy-listener.ts'
import { choosePolicy, type InForce, type PolicySet } from '../policy/policy-set.ts'
import type { Namespace } from '../policy/switch.ts'
import type { SentRule } from '../workload/unsent-kinds.ts'
import { AcceptedPolicies } from './accepted-policies.ts'
import type { Api } from './api.ts'
import type { ClusterListener, Followed } from './cluster-listener.ts'
import { inTurns } from './in-turns.ts'
import { NamespaceLookup } from './namespace-lookup.ts'
import { Reflector } from './reflector.ts'
import {
  CONFIGURATION,
  CONFIGURATIONS_PATH,
  type Registered,
  registered,
  workloadRules,
} from './registration.ts'
import { type Observed, type StatusPace, StatusWriter } from './status-writer.ts'

export interface ClusterPoliciesOptions {
  readonly api: Api
  /** Replaces the switch of every policy (`--mode`). */
  readonly mode?: Mode
  /** How long a verdict waits for a namespace that is not known yet, in milliseconds. */
  readonly lookupMs?: number
  readonly now?: () => Date
  readonly statusPace?: Partial<StatusPace>
}

/** What cannot be read for so long, in milliseconds, is not known any more; a watch that is cut is back within seconds. */
const UNREAD_MS = 60_000

const NOWHERE: Namespace = Object.freeze({ name: '', labels: Object.freeze({}) })

/**
 * The policies of a cluster: its TagPolicies and the labels of its namespaces, followed by watches, so that a verdict asks
 * nobody. What was known last holds while the API server is away.
 */
export class ClusterPolicies implements Policies {
  readonly #api: Api
  readonly #now: () => Date
  readonly #statusPace: Partial<StatusPace>
  readonly #tagPolicies: Reflector<StoredPolicy>
  readonly #namespaces: Reflector<Namespace>
  readonly #configuration: Reflector<readonly SentRule[] | 'entry'>
  readonly #lookup: NamespaceLookup
  /** Aborted when the policies and the namespaces are known for the first time. */
  readonly #ready = new AbortController()
  readonly #accepted: AcceptedPolicies

  constructor({ api, mode, lookupMs, now = () => new Date(), statusPace = {} }: ClusterPoliciesOptions) {
    this.#api = api
    this.#now = now
    this.#statusPace = statusPace
    this.#accepted = new AcceptedPolicies(mode)
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
    return { policy: choosePolicy(this.policies, namespace).policy, namespace }
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
    return this.#accepted.policies
  }

  /** By name, with the labels that are tallyman's. */
  get namespaces(): ReadonlyMap<string, Namespace> {
    return this.#namespaces.items
  }

  /** Those in force, with their versions. */
  inForce(): readonly PolicyInForce[] {
    return this.#accepted.inForce
  }

  /** How many are refused as they stand. */
  get refused(): number {
    return this.#accepted.refused
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

  /** How many namespaces are at each stage; undefined before they were read. While it counts, verdicts have their turn. */
  async namespaceStages(): Promise<ReadonlyMap<Stage, number> | undefined> {
    if (this.problem() !== undefined) return undefined
    return await inTurns(namespaceStages(this.policies, this.namespaces.values(), this.#now()))
  }

  /** What the API server sends of what the policies know. */
  registered(): Registered {
    const { items, synced, lostSince } = this.#configuration
    const unread = !synced || (lostSince && this.#now().getTime() - lostSince.getTime() > UNREAD_MS)
    const rules = items.get(CONFIGURATION) ?? 'configuration'
    return registered(unread ? 'unread' : rules, this.policies.default.cluster.kinds)
  }

  /** Follows the cluster, and writes what became of its policies into their statuses, until the signal aborts. */
  async watch(listener: ClusterListener, signal: AbortSignal): Promise<void> {
    const status = new StatusWriter({
      api: this.#api,
      observed: () => this.#observed(),
      failed: (error) => listener.statusFailed(error),
      now: this.#now,
      pace: this.#statusPace,
    })
    let unsent = ''
    let installed = true
    const changed = () => {
      if (this.#tagPolicies.synced && this.#namespaces.synced) this.#ready.abort()
      const registered = this.registered()
      if (registered.installed !== undefined && registered.installed !== installed) {
        installed = registered.installed
        listener.installed(installed)
      }
      const kinds = registered.unsent.map(({ group, kind }) => `${group}/${kind}`).join()
      if (registered.installed !== undefined && kinds !== unsent) {
        unsent = kinds
        listener.unsent(registered.unsent)
      }
      if (this.problem() === undefined) status.due()
    }
    const contact = (resource: string) => ({
      failed: (error: Error) => {
        listener.lost(resource, error)
        changed()
      },
      recovered: () => {
        listener.recovered(resource)
        changed()
      },
    })
    const policiesChanged = () => {
      this.#accepted.take(this.#tagPolicies.items, listener)
      changed()
    }
    await Promise.all([
      this.#tagPolicies.run({ changed: policiesChanged, ...contact('tagpolicies') }, signal),
      this.#namespaces.run({ changed, ...contact('namespaces') }, signal),
      this.#configuration.run({ changed, ...contact('validatingwebhookconfigurations') }, signal),
      status.run(signal),
    ])
  }

  /** What statuses are made of; undefined while it may be out of date: this replica must not write over what others know. */
  #observed(): Observed | undefined {
    const { synced, lostSince } = this.#configuration
    if (!synced && lostSince === undefined) return undefined
    if ([this.#tagPolicies, this.#namespaces].some((it) => it.lostSince !== undefined)) return undefined
    const { accepted, policies } = this.#accepted
    const { registration } = this.registered()
    const cluster = { accepted, policies, namespaces: [...this.namespaces.values()], registration }
    return { stored: [...this.#tagPolicies.items.values()], cluster }
  }
}
