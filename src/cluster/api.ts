/** What tallyman asks of an API server; api-client.ts does it over HTTPS, and every user of it takes this interface. */
export interface Api {
  /** Reads an object. @param path from the root, such as `/api/v1/namespaces/team-a` @throws ApiError */
  get(path: string, options?: AskOptions): Promise<unknown>
  /** Writes an object (PATCH: RFC 7386, a merge), and returns what the API server made of it. @throws ApiError */
  send(method: 'POST' | 'PUT' | 'PATCH', path: string, body: object, options?: AskOptions): Promise<unknown>
  /** Reads a list page by page; whoever stops early leaves the rest unread. @throws ApiError; 410 where a page took too long */
  list(path: string, query?: ListQuery, options?: AskOptions): AsyncGenerator<Page, void, undefined>
  /**
   * Follows a list from a version on, until the connection ends, the signal aborts or nothing (not even a bookmark) came for
   * `idleMs`. An event of type ERROR is thrown. @throws ApiError; 410 where the version is too old
   */
  watch(path: string, query: WatchQuery, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined>
}

/** For whoever has a part in objects of others. */
export interface ApplyingApi extends Api {
  /**
   * Has the API server hold some fields of an object as they are given, whoever had them before (server-side apply); what is
   * not given stays. @param manager the owner of the fields from now on @throws ApiError
   */
  apply(path: string, manager: string, body: object, options?: AskOptions): Promise<unknown>
  /** The API server's clock, as its last answer told it; before any, our own. */
  now(): Date
}

export interface AskOptions {
  readonly signal?: AbortSignal
  /** For the whole answer; the default is in api-client.ts. */
  readonly timeoutMs?: number
}

export interface WatchOptions {
  readonly signal: AbortSignal
  readonly idleMs?: number
  /** Called when the API server has begun to answer; until the first event comes, up to a minute may pass. */
  readonly opened?: () => void
}

export interface ListQuery {
  readonly limit?: number
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** `0`: whatever the API server has in its cache, which costs etcd nothing. */
  readonly resourceVersion?: string
}

export interface WatchQuery extends Omit<ListQuery, 'limit'> {
  readonly resourceVersion: string
}

export interface Page {
  readonly items: readonly object[]
  /** From which a watch goes on. */
  readonly resourceVersion: string
  /** How many are in the pages to come, where the API server says so. */
  readonly remaining?: number
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  readonly object: object
}

/**
 * What an API server refused, as its Status says it; that it could not be reached, or that the connection broke (status 0); or
 * that its answer makes no sense (the status that it had, 200).
 */
export class ApiError extends Error {
  override name = 'ApiError'
  /** The HTTP status; 0 where there was no answer, or no whole one. */
  readonly status: number
  /** `NotFound`, `Forbidden`, `Conflict`, `Expired`; empty where there was no answer. */
  readonly reason: string

  constructor(message: string, status: number, reason: string, cause?: unknown) {
    super(message, { cause })
    this.status = status
    this.reason = reason
  }
}
