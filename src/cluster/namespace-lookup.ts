import { ownLabels } from '../policy/own-labels.ts'
import type { Namespace } from '../policy/switch.ts'
import { type Api, ApiError } from './api.ts'

/** A verdict waits for it, and the API server for the verdict (5 s). */
const DEADLINE_MS = 500

/** Namespaces are made one by one, by people and by pipelines; more at once is somebody's loop. */
const MAX_AT_ONCE = 50

/** Reads single namespaces that the watch has not brought yet. */
export class NamespaceLookup {
  readonly #api: Api
  readonly #deadlineMs: number
  readonly #asked = new Map<string, Promise<Namespace>>()

  /** @param deadlineMs for each answer */
  constructor(api: Api, deadlineMs: number = DEADLINE_MS) {
    this.#api = api
    this.#deadlineMs = deadlineMs
  }

  /**
   * One namespace; all who ask for it meanwhile wait for the one answer.
   * @throws Error where nobody says in time: a policy of its own may hold there, so a guess could deny or let through what
   * it should not, and the API server's failurePolicy decides
   */
  read(name: string): Promise<Namespace> {
    const asked = this.#asked.get(name)
    if (asked !== undefined) return asked
    if (this.#asked.size >= MAX_AT_ONCE)
      return Promise.reject(new Error('too many unknown namespaces at once'))
    const answer = this.#ask(name).finally(() => this.#asked.delete(name))
    this.#asked.set(name, answer)
    return answer
  }

  async #ask(name: string): Promise<Namespace> {
    try {
      const path = `/api/v1/namespaces/${encodeURIComponent(name)}`
      return ownLabels((await this.#api.get(path, { timeoutMs: this.#deadlineMs })) as object)
    } catch (error) {
      // Open, in that no label can ask for more: what does not exist has none, and the API server takes nothing into it.
      if (error instanceof ApiError && error.status === 404) return { name, labels: {} }
      throw error
    }
  }
}
