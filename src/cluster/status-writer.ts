import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { StoredPolicy } from '../policy/accepted.ts'
import { TAG_POLICIES_PATH } from '../policy/custom-resource.ts'
import type { Policy } from '../policy/policy.ts'
import { type ClusterState, namespacesByPolicy, policyStatus, type Reach } from '../policy/policy-status.ts'
import { API_VERSION, KIND } from '../policy/schema.ts'
import { unmatchedExemptions } from '../policy/unmatched-exemptions.ts'
import { type Api, ApiError } from './api.ts'
import { inTurns } from './in-turns.ts'

/** How writes are spaced, in milliseconds. */
export interface StatusPace {
  /** A write waits up to so long, by chance: of several replicas one is first, and the others find nothing left to do. */
  readonly jitterMs: number
  /** From one round of writes to the next: whatever changes all the time is written now and then. */
  readonly restMs: number
  /** Exemptions expire at midnight (UTC) with nobody touching anything. */
  readonly lookAgainMs: number
}

const PACE: StatusPace = { jitterMs: 5_000, restMs: 10_000, lookAgainMs: 30 * 60_000 }

/** What statuses are made of: of one moment, all of it. */
export interface Observed {
  readonly stored: readonly StoredPolicy[]
  readonly cluster: ClusterState
}

export interface StatusWriterOptions {
  readonly api: Api
  /** The cluster as it is now; undefined while that is not known. */
  observed(): Observed | undefined
  /** Told once of each new reason why none can be written. */
  failed(error: Error): void
  readonly now: () => Date
  readonly pace?: Partial<StatusPace>
}

/**
 * Keeps the status of each TagPolicy as it should be. All replicas do; what each would write is the same, so whoever comes
 * second finds it written, or is refused for an old resourceVersion and looks again when the change reaches it.
 */
export class StatusWriter {
  readonly #options: StatusWriterOptions
  readonly #pace: StatusPace
  /** Where each policy held in the last round: many globs over many namespaces take long, and mostly neither changed. */
  readonly #reaches = new WeakMap<Policy, Reach>()
  #due = Promise.withResolvers<void>()
  #failure: string | undefined

  constructor(options: StatusWriterOptions) {
    this.#options = options
    this.#pace = { ...PACE, ...options.pace }
  }

  /** Something changed. */
  due(): void {
    this.#due.resolve()
  }

  /** Writes until the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { jitterMs, restMs, lookAgainMs } = this.#pace
    const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {})
    while (!signal.aborted) {
      const round = new AbortController()
      const again = sleep(lookAgainMs, undefined, { signal: AbortSignal.any([signal, round.signal]) })
      await Promise.race([this.#due.promise, again.catch(() => {})])
      round.abort()
      await pause(Math.random() * jitterMs)
      if (signal.aborted) return
      this.#due = Promise.withResolvers()
      if (await this.#write(signal)) await pause(restMs)
    }
  }

  /** @returns whether anything was to be written */
  async #write(signal: AbortSignal): Promise<boolean> {
    const { observed, now } = this.#options
    const seen = observed()
    if (seen === undefined) return false
    const { stored, cluster } = seen
    let wrote = false
    try {
      const held = await inTurns(namespacesByPolicy(cluster), { signal })
      // What changes meanwhile has a newer resourceVersion, and its turn in the next round.
      for (const policy of stored) {
        await turn() // to compare the status of a large one takes milliseconds
        signal.throwIfAborted()
        const reach = await this.#reach(policy, held.get(policy.name) ?? [], cluster, signal)
        const status = policyStatus(policy, reach, cluster, now())
        if (isDeepStrictEqual(status, policy.status)) continue
        wrote = true
        await this.#put(policy, status, signal)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
    return wrote
  }

  async #reach(
    { name }: StoredPolicy,
    held: readonly string[],
    { accepted, policies }: ClusterState,
    signal: AbortSignal,
  ): Promise<Reach> {
    const policy = policies.find(name)
    const source = accepted.get(name)
    if (policy === undefined || source === undefined) return { held, unmatched: [] }
    const known = this.#reaches.get(policy)
    if (known !== undefined && isDeepStrictEqual(known.held, held)) return known
    const unmatched = await inTurns(unmatchedExemptions(policy, source.tagPolicy, held), { signal })
    const reach = { held, unmatched }
    this.#reaches.set(policy, reach)
    return reach
  }

  async #put(
    { name, uid, resourceVersion }: StoredPolicy,
    status: object,
    signal: AbortSignal,
  ): Promise<void> {
    const { api, failed } = this.#options
    // Of an update of /status the API server takes the status alone.
    const body = { apiVersion: API_VERSION, kind: KIND, metadata: { name, uid, resourceVersion }, status }
    try {
      await api.send('PUT', `${TAG_POLICIES_PATH}/${name}/status`, body, { signal })
      this.#failure = undefined
    } catch (error) {
      if (signal.aborted) return
      // Somebody was first, or it is gone: the watch brings what there is now, and with it another round.
      if (error instanceof ApiError && (error.status === 409 || error.status === 404)) return
      const { message } = error as Error
      if (message !== this.#failure) failed(error as Error)
      this.#failure = message
      this.due()
    }
  }
}
