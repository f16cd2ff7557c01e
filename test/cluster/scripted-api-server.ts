import { EventEmitter, once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { developmentCertificates } from '../../src/certificates/development.ts'
import type { Login } from '../../src/cluster/login.ts'
import { type Change, ObjectStore } from './object-store.ts'

export const HOST = '127.0.0.1'
export const certificates = await developmentCertificates([HOST, 'localhost'])

/** What a request was, as the server saw it. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Answers one request in place of the server. */
export type Script = (response: ServerResponse, asked: Asked) => void

type Verb = 'list' | 'watch' | 'GET' | 'POST' | 'PUT' | 'PATCH'

/**
 * Speaks HTTPS as an API server does, as far as lists and watches go, and misbehaves when a test says so. On a free loopback
 * port.
 */
export class ScriptedApiServer {
  readonly store = new ObjectStore()
  /** All requests so far. */
  readonly asked: Asked[] = []
  /** The tokens that it accepts; undefined: it asks for none. */
  tokens: ReadonlySet<string> | undefined
  /** How it says that a version is too old: kube-apiserver mostly by an event. */
  goneBy: 'event' | 'status' = 'event'
  readonly #server = createServer(
    { cert: certificates.serving.certificate, key: certificates.serving.key },
    (request, response) => void this.#answer(request, response),
  )
  readonly #scripts: { readonly verb: Verb; readonly script: Script }[] = []
  readonly #watches = new Set<{ readonly path: string; readonly response: ServerResponse }>()
  readonly #sockets = new Set<Socket>()
  readonly #events = new EventEmitter()
  #port = 0

  private constructor() {
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        this.#events.emit('disconnected')
      })
    })
    this.store.onChange((change) => {
      for (const { path, response } of this.#watches) if (path === change.path) response.write(lineOf(change))
    })
  }

  /** It ends with the test. */
  static async start(t: Test, ...lists: readonly string[]): Promise<ScriptedApiServer> {
    const server = new ScriptedApiServer()
    for (const path of lists) server.store.install(path)
    await server.listen()
    t.teardown(() => server.stop())
    return server
  }

  get url(): string {
    return `https://${HOST}:${this.#port}`
  }

  get port(): number {
    return this.#port
  }

  /** A login that never changes. */
  login(headers: Record<string, string> = {}): Login {
    return {
      server: this.url,
      tls: { ca: certificates.ca },
      namespace: 'default',
      headers: async () => headers,
      refused: () => {},
    }
  }

  /** Listens, after a stop at the same port. */
  async listen(): Promise<void> {
    await once(this.#server.listen(this.#port, HOST), 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Listens no more, and cuts all connections. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server.close(), 'close')
    this.cutConnections()
    await closed
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size
  }

  /** Resolves when no connection is open. */
  async disconnected(): Promise<void> {
    while (this.#sockets.size > 0) await once(this.#events, 'disconnected')
  }

  cutConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#watches.clear()
  }

  /** Resolves with the next request that fits. */
  async next(fits: (asked: Asked) => boolean = () => true): Promise<Asked> {
    for (;;) {
      const [asked] = await once(this.#events, 'asked')
      if (fits(asked)) return asked
    }
  }

  /** Resolves when so many watches are open. */
  async watched(count = 1): Promise<void> {
    while (this.#watches.size < count) await once(this.#events, 'watch')
  }

  /** Lets a script answer the next request of its kind, once. */
  script(verb: Verb, script: Script): void {
    this.#scripts.push({ verb, script })
  }

  /** Writes to all watches. */
  send(content: string | Buffer): void {
    for (const { response } of this.#watches) response.write(content)
  }

  /** Tells all watches of the version that is now. */
  bookmark(): void {
    const object = { metadata: { resourceVersion: String(this.store.version) } }
    this.send(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`)
  }

  /** Ends all watches, as the API server does when their time is over. */
  endWatches(): void {
    for (const { response } of this.#watches) response.end()
    this.#watches.clear()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', this.url)
    const { method = '', headers } = request
    const asked: Asked = { method, path, query, headers, body: await text(request) }
    this.asked.push(asked)
    this.#events.emit('asked', asked)
    const token = /^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1] ?? ''
    if (this.tokens?.has(token) === false) refuse(response, 401, 'Unauthorized', 'Unauthorized')
    else if (this.#scripted(response, asked)) return
    else if (path === '/apis') answer(response, 200, groupList(this.store.groups()))
    else if (this.store.resources(path).length > 0)
      answer(response, 200, { resources: this.store.resources(path).map((name) => ({ name })) })
    else if (!this.store.has(path))
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n')
    else if (query.has('watch')) this.#watch(path, Number(query.get('resourceVersion')), response)
    else this.#list(path, query, response)
  }

  #scripted(response: ServerResponse, asked: Asked): boolean {
    const kind = asked.query.has('watch') ? 'watch' : this.store.has(asked.path) ? 'list' : asked.method
    const index = this.#scripts.findIndex(({ verb }) => verb === kind || verb === asked.method)
    if (index === -1) return false
    for (const { script } of this.#scripts.splice(index, 1)) script(response, asked)
    return true
  }

  #list(path: string, query: URLSearchParams, response: ServerResponse): void {
    const limit = Number(query.get('limit')) || Number.POSITIVE_INFINITY
    const page = this.store.page(path, limit, query.get('continue'))
    if (page === undefined)
      refuse(
        response,
        410,
        'Expired',
        'The provided continue parameter is too old to display a consistent list',
      )
    else answer(response, 200, listOf(page.items, page.version, page.next, page.remaining))
  }

  #watch(path: string, version: number, response: ServerResponse): void {
    const changes = this.store.since(path, version)
    const message = `too old resource version: ${version}`
    if (changes === undefined && this.goneBy === 'status') {
      refuse(response, 410, 'Expired', message)
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    if (changes === undefined) {
      response.end(`${JSON.stringify({ type: 'ERROR', object: statusOf(410, 'Expired', message) })}\n`)
      return
    }
    for (const change of changes) response.write(lineOf(change))
    const watch = { path, response }
    this.#watches.add(watch)
    response.on('close', () => this.#watches.delete(watch))
    this.#events.emit('watch')
  }
}

export function listOf(
  items: readonly object[],
  version: number,
  next?: string,
  remaining: number = 0,
): object {
  const metadata = {
    resourceVersion: String(version),
    ...(next !== undefined && { continue: next, remainingItemCount: remaining }),
  }
  return { kind: 'List', apiVersion: 'v1', metadata, items }
}

/** The groups that are served, as `/apis` says it: the first version of each group is the preferred one. */
export function groupList(groups: ReadonlyMap<string, readonly string[]>): object {
  const served = ([name, versions]: readonly [string, readonly string[]]) => ({
    name,
    versions: versions.map((version) => ({ groupVersion: `${name}/${version}`, version })),
    preferredVersion: { groupVersion: `${name}/${versions[0]}`, version: versions[0] },
  })
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: [...groups].map(served) }
}

/** A failure as kube-apiserver answers it. */
export function refuse(response: ServerResponse, code: number, reason: string, message: string): void {
  answer(response, code, statusOf(code, reason, message))
}

export function answer(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function statusOf(code: number, reason: string, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }
}

function lineOf({ type, object }: Change): string {
  return `${JSON.stringify({ type, object })}\n`
}
