import { setImmediate as turn } from 'node:timers/promises'
import type { Change } from '../admission/cluster-view.ts'
import { Outlook, outlookOrder } from '../preview/outlook.ts'
import type { Preview, Unread } from '../preview/preview.ts'
import type { KindsTable } from '../workload/kinds.ts'
import type { Api } from './api.ts'
import { judgedNamespaces } from './judged-namespaces.ts'
import { workloadPages } from './workload-lists.ts'

/** How much a preview may cost that somebody waits for, whose change goes through in any case. */
export interface PreviewBounds {
  readonly objects: number
  readonly timeMs: number
  readonly pageSize: number
}

/**
 * The webhook's deadline is 5 s, and names are asked for afterwards. A page is parsed in one go: with pages of 100 and batches
 * of 25, verdicts meanwhile took 80 ms at the 99th percentile, with these 20 (`make bench-cluster`, 6 without a preview).
 */
const BOUNDS: PreviewBounds = { objects: 3_000, timeMs: 1_000, pageSize: 25 }

/** Objects that are judged in one go; between them verdicts get their turn. */
const BATCH = 5

/** For so long nobody is asked again whether Pods may be listed. */
const FORBIDDEN_MS = 60_000

/** Reads the cluster to say what a change would break: one at a time, and bounded in objects and time. */
export class Previewer {
  readonly #api: Api
  readonly #kinds: () => KindsTable
  readonly #bounds: PreviewBounds
  #running = false
  #forbiddenUntil = 0

  constructor(api: Api, kinds: () => KindsTable, bounds: Partial<PreviewBounds> = {}) {
    this.#api = api
    this.#kinds = kinds
    this.#bounds = { ...BOUNDS, ...bounds }
  }

  /** @returns undefined where tallyman may not list workloads, the API server does not answer, or another preview runs. Never rejects. */
  async preview(change: Change): Promise<Preview | undefined> {
    if (this.#running || performance.now() < this.#forbiddenUntil) return undefined
    this.#running = true
    try {
      return await this.#look(change)
    } catch {
      // What somebody may know beforehand is a courtesy: their change is judged without it.
      return undefined
    } finally {
      this.#running = false
    }
  }

  async #look({ namespaces, ...options }: Change): Promise<Preview | undefined> {
    const { objects, timeMs, pageSize } = this.#bounds
    const until = performance.now() + timeMs
    const signal = AbortSignal.timeout(timeMs)
    const outlook = new Outlook(options)
    const unread: Unread[] = []
    let read = 0
    let stopped: Preview['stopped']
    const kinds = outlookOrder(this.#kinds().all)
    try {
      const judged = await judgedNamespaces(this.#api, { signal })
      const counts = (name: string) => judged(options.after(name).namespace)
      const wanted = namespaces && new Set(namespaces.filter(counts))
      reading: for await (const page of workloadPages(this.#api, kinds, {
        namespaces: wanted,
        counts,
        pageSize,
        signal,
      })) {
        if ('unread' in page) {
          unread.push(page.unread)
          continue
        }
        for (const [index, item] of page.items.entries()) {
          outlook.add(page.kind, item)
          read += 1
          if (read >= objects) stopped = 'objects'
          else if (performance.now() > until) stopped = 'time'
          if (stopped !== undefined) break reading
          if (index % BATCH === BATCH - 1) await turn()
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error
      stopped = 'time'
    }
    const pods = unread.find(({ resource }) => resource === 'pods')
    if (read === 0 && pods !== undefined) {
      if (pods.forbidden) this.#forbiddenUntil = performance.now() + FORBIDDEN_MS
      return undefined
    }
    return outlook.result({ stopped, unread })
  }
}
