import { createHash } from 'node:crypto'
import { type Accepted, accept, type StoredPolicy } from '../policy/accepted.ts'
import type { Mode } from '../policy/mode.ts'
import type { PolicyInForce, PolicyVersion } from '../policy/policy-listener.ts'
import { DEFAULT, type PolicySet, policySet } from '../policy/policy-set.ts'
import { PolicyError } from '../policy/problem.ts'
import type { ClusterListener } from './cluster-listener.ts'

const BUILT_IN: PolicyVersion = Object.freeze({ hash: 'built-in' })

/** Those of a cluster's TagPolicies that are in force, and who has been told of them. */
export class AcceptedPolicies {
  readonly #mode: Mode | undefined
  #accepted: ReadonlyMap<string, Accepted> = new Map()
  #policies: PolicySet
  #inForce: readonly PolicyInForce[]
  /** The versions of those that the listener knows to be in force, by name. */
  #told: ReadonlyMap<string, string> = new Map()
  /** The refused versions that were told of, by name. */
  #refused: ReadonlyMap<string, string> = new Map()

  /** None, so that the built-in one holds. @param mode replaces the switch of every policy (`--mode`) */
  constructor(mode: Mode | undefined) {
    this.#mode = mode
    this.#policies = policySet(new Map(), mode)
    this.#inForce = inForce(this.#policies, this.#accepted)
  }

  /** By name. */
  get accepted(): ReadonlyMap<string, Accepted> {
    return this.#accepted
  }

  get policies(): PolicySet {
    return this.#policies
  }

  /** With their versions. */
  get inForce(): readonly PolicyInForce[] {
    return this.#inForce
  }

  /** How many are refused as they stand. */
  get refused(): number {
    return this.#refused.size
  }

  /** Takes up the TagPolicies as they are now: all at once, so that no verdict comes from a mixture. */
  take(stored: ReadonlyMap<string, StoredPolicy>, listener: ClusterListener): void {
    const accepted = accept(stored.values(), this.#accepted)
    if (!sameEntries(accepted, this.#accepted)) {
      const sources = new Map([...accepted].map(([name, { tagPolicy }]) => [name, tagPolicy]))
      this.#policies = policySet(sources, this.#mode, this.#policies)
      this.#accepted = accepted
      this.#inForce = inForce(this.#policies, accepted)
    }
    this.#tellInForce(listener)
    this.#tellRefused(stored, listener)
  }

  #tellInForce(listener: ClusterListener): void {
    const told = this.#told
    const key = ({ hash, generation }: PolicyVersion) => `${generation} ${hash}`
    this.#told = new Map(this.#inForce.map(({ policy, version }) => [policy.name, key(version)]))
    for (const { policy, version } of this.#inForce)
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
