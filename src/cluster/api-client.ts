import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { AnswerTooLong, answered, refusal } from './answer.ts'
import type { ApplyingApi, AskOptions, ListQuery, Page, WatchEvent, WatchOptions, WatchQuery } from './api.ts'
import { type Ask, Connection, TIMEOUT_MS } from './connection.ts'
import { type ListPage, pageOf } from './list-page.ts'
import type { Login } from './login.ts'
import { watchEvents } from './watch-stream.ts'

/**
 * How long a watch may say nothing. The API server sends a bookmark about once a minute (defaultBookmarkFrequency in its
 * cacher.go), so by then two are overdue. Ending a watch that lives after all costs one request.
 */
export const IDLE_MS = 150_000

/** A watch is ended by the server after five to ten minutes, as for client-go: so watches spread over its replicas again. */
const WATCH_SECONDS = 300

/** Retry-After counts in seconds; with less, a server that says 0 would be asked without a pause. */
const MIN_PAUSE_MS = 1_000

const MERGE = 'application/merge-patch+json'
/** Server-side apply; JSON is YAML too. */
const APPLY = 'application/apply-patch+yaml'

/** Asks one API server, over HTTPS, with what Node itself has. Beside what Api says, all of it throws LoginError. */
export class ApiClient implements ApplyingApi {
  readonly #connection: Connection
  readonly #agent: string

  /** @param version of tallyman, for the API server's audit log */
  constructor(login: Login, { version }: { readonly version: string }) {
    this.#connection = new Connection(login)
    this.#agent = `tallyman/${version}`
  }

  get(path: string, options: AskOptions = {}): Promise<unknown> {
    return this.#answer(this.#ask('GET', path), path, options)
  }

  send(
    method: 'POST' | 'PUT' | 'PATCH',
    path: string,
    body: object,
    options: AskOptions = {},
  ): Promise<unknown> {
    return this.#answer(this.#ask(method, path, body), path, options)
  }

  apply(path: string, manager: string, body: object, options: AskOptions = {}): Promise<unknown> {
    const url = `${path}${search({ fieldManager: manager, force: true })}`
    return this.#answer(this.#ask('PATCH', url, body, APPLY), path, options)
  }

  now(): Date {
    return this.#connection.now()
  }

  async *list(
    path: string,
    query: ListQuery = {},
    options: AskOptions = {},
  ): AsyncGenerator<Page, void, undefined> {
    const { resourceVersion, ...rest } = query
    let { limit } = query
    let token: string | undefined
    do {
      // The token of a further page says itself of which version it is.
      const where = token === undefined ? { resourceVersion } : { continue: token }
      let read: ListPage | undefined
      while (read === undefined)
        try {
          read = await this.#page(path, { ...rest, limit, ...where }, options)
        } catch (error) {
          // Objects may be large, so in smaller pages: some annotations of a quarter megabyte must not end it.
          if (!(error instanceof AnswerTooLong) || limit === undefined || limit <= 1) throw error
          limit = Math.ceil(limit / 8)
        }
      const { next, ...page } = read
      token = next
      yield page
    } while (token !== undefined)
  }

  async *watch(
    path: string,
    query: WatchQuery,
    { signal, idleMs = IDLE_MS, opened }: WatchOptions,
  ): AsyncGenerator<WatchEvent, void, undefined> {
    const timeoutSeconds = Math.round(WATCH_SECONDS * (1 + Math.random()))
    const url = `${path}${search({ ...query, watch: true, allowWatchBookmarks: true, timeoutSeconds })}`
    let over = false
    try {
      const response = await this.#connection.within({ signal }, async (stop) => {
        const begun = await this.#connection.send(this.#ask('GET', url), stop)
        if (begun.statusCode !== 200) throw await refusal(begun, path)
        return begun
      })
      const end = () => {
        over = true
        response.destroy()
      }
      let idle = setTimeout(end, idleMs)
      const touch = () => {
        clearTimeout(idle)
        idle = setTimeout(end, idleMs)
      }
      signal.addEventListener('abort', end)
      try {
        opened?.()
        for await (const event of watchEvents(heard(response, touch))) {
          if (signal.aborted) return
          yield event
        }
      } finally {
        clearTimeout(idle)
        signal.removeEventListener('abort', end)
      }
    } catch (error) {
      if (!over && !signal.aborted) throw this.#connection.fault(error)
    }
  }

  /** Ends its connections. Whoever still watches is told so by an error. */
  close(): void {
    this.#connection.close()
  }

  /** @param path as messages name it */
  #answer(ask: Ask, path: string, options: AskOptions): Promise<unknown> {
    return this.#connection.within(options, async (stop) =>
      answered(await this.#connection.send(ask, stop), path),
    )
  }

  /** Where the API server is busy (429), it says when to ask again: that is done for as long as the page may take. */
  #page(path: string, query: Query, options: AskOptions): Promise<ListPage> {
    const ask = this.#ask('GET', `${path}${search(query)}`)
    const deadline = performance.now() + (options.timeoutMs ?? TIMEOUT_MS)
    return this.#connection.within(options, async (stop) => {
      for (;;) {
        const response = await this.#connection.send(ask, stop)
        const pause = pauseOf(response)
        if (pause === undefined || performance.now() + pause > deadline)
          return pageOf(await answered(response, path), path)
        await refusal(response, path) // read to its end, so that the connection is used again
        await sleep(pause, undefined, { signal: stop })
      }
    })
  }

  #ask(method: string, path: string, body?: object, contentType?: string): Ask {
    const headers = { accept: 'application/json', 'user-agent': this.#agent }
    if (body === undefined) return { method, path, headers }
    const type = contentType ?? (method === 'PATCH' ? MERGE : 'application/json')
    return { method, path, headers: { ...headers, 'content-type': type }, body: JSON.stringify(body) }
  }
}

/** @returns milliseconds; undefined where asking again is not what was answered */
function pauseOf({ statusCode, headers }: IncomingMessage): number | undefined {
  const seconds = Number(headers['retry-after'])
  if (statusCode !== 429 || !Number.isFinite(seconds)) return undefined
  return Math.max(MIN_PAUSE_MS, seconds * 1000)
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>

function search(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

async function* heard(chunks: AsyncIterable<Buffer>, touch: () => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    touch()
    yield chunk
  }
}
