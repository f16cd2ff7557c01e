import { setImmediate as turn } from 'node:timers/promises'
import type { Change } from '../admission/cluster-view.ts'
import { Outlook, outlookOrder } from '../preview/outlook.ts'
import type { Preview, Unread } from '../preview/preview.ts'
import type { KindsTable } from '../workload/kinds.ts'
import type { Api } from './api.ts'
import { inTurns } from './in-turns.ts'
import { judgedNamespaces } from './judged-namespaces.ts'
import { workloadPages } from './workload-lists.ts'

/** How much a preview may cost that somebody waits for, whose change goes through in any case. */
export interface PreviewBounds {
  readonly objects: number
  readonly timeMs: number
  readonly pageSize: number
}

/**
 * The webhook's deadline is 5 s, and names are asked for afterwards. A page is read and parsed in one go: with 25 objects in
 * one, verdicts meanwhile took 2.2 to 3.9 times as long at the 99th percentile as without a preview, with these 1.5 to 1.8 times
 * (`make bench-cluster`); with 10 no less, but each page is another request.
 */
const BOUNDS: PreviewBounds = { objects: 3_000, timeMs: 1_000, pageSize: 15 }

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
      const wanted = namespaces && (await inTurns(filtered(namespaces, counts), { signal }))
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
        for (const item of page.items) {
          outlook.add(page.kind, item)
          read += 1
          if (read >= objects) stopped = 'objects'
          else if (performance.now() > until) stopped = 'time'
          if (stopped !== undefined) break reading
          // A verdict takes several steps (its bytes, its body, its answer), each of which may wait for what is done in one go.
          await turn()
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

/** Those of many names that count, in steps. */
function* filtered(
  names: readonly string[],
  counts: (name: string) => boolean,
): Generator<undefined, ReadonlySet<string>> {
  const those = new Set<string>()
  for (const name of names) {
    if (counts(name)) those.add(name)
    yield
  }
  return those
}
