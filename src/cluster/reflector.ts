import { setTimeout as sleep } from 'node:timers/promises'
import { type Api, ApiError, type WatchEvent } from './api.ts'
import { Backoff, jittered } from './backoff.ts'
import { ProjectedItems } from './projected-items.ts'

/** As many as kubectl asks for at once; a page of namespaces is then about half a megabyte. */
const PAGE = 500

/** How attempts are spaced, in milliseconds. */
export interface Pacing {
  /** The first pause; a toggle is to be in force within a second, also where a watch was cut meanwhile. */
  readonly minMs: number
  /**
   * The longest pause. client-go goes up to half a minute, for thousands of kubelets; here it is a few replicas, and for so
   * long they may follow an old policy after the API server is back.
   */
  readonly maxMs: number
  /** A watch that lasted so long was in order, whatever ended it: the next one begins at once, at most one a second. */
  readonly healthyMs: number
  /** How often a kind that is not installed is looked for. */
  readonly absentMs: number
}

const PACING: Pacing = { minMs: 100, maxMs: 5_000, healthyMs: 1_000, absentMs: 3_000 }

export interface ReflectorOptions<T> {
  readonly api: Api
  /** Of the list, from the root: `/api/v1/namespaces`. */
  readonly path: string
  readonly query?: { readonly labelSelector?: string; readonly fieldSelector?: string }
  /** What is kept of an object: project, do not keep the whole. An object for which it throws is left out. */
  project(object: object): T
  /** Two 404s of the list (a kind that is not installed) count as synced with none; it is looked for again at intervals. */
  readonly optional?: boolean
  readonly backoff?: Partial<Pacing>
}

/** Is told in the same tick; must not throw. */
export interface ReflectorListener {
  /** After the first list, and after each later one and each event that changed items. */
  changed(): void
  /** Following is interrupted; what is known stays. Once, and again where the reason becomes another. */
  failed(error: Error): void
  /** It follows again. */
  recovered?(): void
  /** An object was left out, because its projection threw. */
  skipped?(key: string, error: Error): void
}

/**
 * Knows the objects of one list of an API server as they are now: lists them, then follows their changes.
 *
 * The list is always the newest one (no resourceVersion), never what an API server happens to have in its cache: that could be
 * older than what is known, and a policy would come back that no longer holds. A list replaces what is known at once, so that
 * none is ever missing that is there; until then, and while the API server is away, what is known stays.
 */
export class Reflector<T> {
  readonly #options: ReflectorOptions<T>
  readonly #pacing: Pacing
  readonly #backoff: Backoff
  #items = this.#none()
  #listener: ReflectorListener | undefined
  #synced = false
  #lostSince: Date | undefined
  #lostBy = ''
  /** From which the next watch goes on; undefined where a list has to come first. */
  #version: string | undefined
  /** Whether the listener has heard of the items as they are. */
  #told = false
  /** How often in a row the list was not there. */
  #absences = 0

  constructor(options: ReflectorOptions<T>) {
    this.#options = options
    this.#pacing = { ...PACING, ...options.backoff }
    this.#backoff = new Backoff(this.#pacing.minMs, this.#pacing.maxMs)
  }

  /** By `namespace/name`, or by `name` where the kind is not namespaced. A list replaces the map, events change it. */
  get items(): ReadonlyMap<string, T> {
    return this.#items.map
  }

  /** Whether all items have been read once. */
  get synced(): boolean {
    return this.#synced
  }

  /** Since when it could not follow; undefined while it does, and before the first attempt. */
  get lostSince(): Date | undefined {
    return this.#lostSince
  }

  /** Follows until the signal aborts. Rejects only where it runs already, a mistake of the caller. */
  async run(listener: ReflectorListener, signal: AbortSignal): Promise<void> {
    if (this.#listener !== undefined) throw new Error(`The reflector of ${this.#options.path} runs already`)
    this.#listener = listener
    this.#told = false
    try {
      while (!signal.aborted) {
        const pause = await this.#round(signal)
        if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => {})
      }
    } finally {
      this.#listener = undefined
      this.#version = undefined
    }
  }

  /** A list if one is due, and a watch until it ends. @returns how long to pause before the next round */
  async #round(signal: AbortSignal): Promise<number> {
    let began: number | undefined
    let error: unknown
    try {
      this.#version ??= await this.#list(signal)
      await this.#watch(this.#version, signal, () => {
        began = performance.now()
      })
    } catch (caught) {
      error = caught
    }
    if (signal.aborted) return 0
    const status = error instanceof ApiError ? error.status : undefined
    if (this.#version === undefined && status === 404 && this.#options.optional) return this.#absent()
    // After a cut the next watch goes on where this one ended. Whatever else went wrong, a list puts right.
    if (error !== undefined && status !== 0) this.#version = undefined
    if (began !== undefined && performance.now() - began >= this.#pacing.healthyMs) {
      this.#backoff.reset()
      return 0
    }
    // A version that is too old comes with every restart of an API server; the list that follows says whether all is well.
    if (status !== 410) this.#lose(error ?? new Error('The watch ended as soon as it had begun'))
    return this.#backoff.next()
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { api, path, query } = this.#options
    const items = this.#none()
    let version = ''
    for await (const page of api.list(path, { ...query, limit: PAGE }, { signal })) {
      for (const item of page.items) items.put(item)
      version ||= page.resourceVersion
    }
    this.#absences = 0
    this.#replace(items)
    return version
  }

  async #watch(resourceVersion: string, signal: AbortSignal, opened: () => void): Promise<void> {
    const { api, path, query } = this.#options
    let settled: NodeJS.Timeout | undefined
    const begin = () => {
      opened()
      // An API server begins to answer before it says that a version is too old, so this alone is no recovery.
      settled = setTimeout(() => this.#recover(), this.#pacing.healthyMs)
    }
    try {
      for await (const event of api.watch(path, { ...query, resourceVersion }, { signal, opened: begin })) {
        this.#recover()
        this.#apply(event)
      }
    } finally {
      clearTimeout(settled)
    }
  }

  #apply({ type, object }: WatchEvent): void {
    const version = (object as { metadata?: { resourceVersion?: unknown } | null }).metadata?.resourceVersion
    if (typeof version !== 'string') throw new ApiError('An event has no metadata.resourceVersion', 200, '')
    let changed = false
    if (type === 'DELETED') changed = this.#items.remove(object)
    else if (type !== 'BOOKMARK') changed = this.#items.put(object)
    this.#version = version
    if (changed) this.#tell()
  }

  /**
   * The kind is not installed, or no longer: then its objects are really gone (the API server deletes them before it lets go of
   * the definition), and what they said holds no more. But that is believed only when a second answer says so too: API servers
   * have been seen to answer 404 for a moment for what is there (kubernetes/kubernetes issues 71218 and 115241). Known ones are
   * given up seconds later; at the start, when nobody is ready before, it is asked again at once.
   */
  #absent(): number {
    this.#absences += 1
    const { absentMs, minMs } = this.#pacing
    if (this.#absences === 1 && !this.#synced) return jittered(minMs)
    if (this.#items.map.size === 0 || this.#absences > 1) {
      this.#backoff.reset()
      this.#replace(this.#none())
      this.#recover()
    }
    return jittered(absentMs)
  }

  #none(): ProjectedItems<T> {
    return new ProjectedItems(
      (object) => this.#options.project(object),
      (key, error) => this.#listener?.skipped?.(key, error),
    )
  }

  #replace(items: ProjectedItems<T>): void {
    const changed = items.succeed(this.#items)
    this.#items = items
    this.#synced = true
    if (changed || !this.#told) this.#tell()
  }

  #tell(): void {
    this.#told = false
    this.#listener?.changed()
    this.#told = true
  }

  #lose(reason: unknown): void {
    const error = reason instanceof Error ? reason : new Error(String(reason))
    const news = this.#lostSince === undefined || error.message !== this.#lostBy
    this.#lostSince ??= new Date()
    this.#lostBy = error.message
    if (news) this.#listener?.failed(error)
  }

  #recover(): void {
    if (this.#lostSince === undefined) return
    this.#lostSince = undefined
    this.#listener?.recovered?.()
  }
}
