import type { Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { type AdmissionRequest, ReviewError, readReview } from '../admission/review.ts'
import type { CertificatePair } from '../certificates/pair.ts'
import { BodyBudget } from './body-budget.ts'
import {
  HANDSHAKE_TIMEOUT_MS,
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_MS,
  MAX_BODY_BYTES,
  MAX_CONNECTIONS,
  REQUEST_TIMEOUT_MS,
  STALLED_CONNECTION_MS,
  TIMEOUT_CHECK_MS,
} from './bounds.ts'
import { NO_SCHEMAS } from './no-schemas.ts'
import { OpenConnections } from './open-connections.ts'
import { type Received, readReviewBody } from './read-review-body.ts'
import { Refusal } from './refusal.ts'
import { type Entry, type EntryOptions, webhookEntries } from './webhook-entries.ts'

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

export interface WebhookListenerOptions extends EntryOptions {
  readonly minVersion: TlsVersion
  /** For tests of slow clients; the defaults are in bounds.ts. */
  readonly timeouts?: Partial<Timeouts>
}

interface Timeouts {
  readonly headersMs: number
  readonly requestMs: number
  readonly checkMs: number
}

const TEXT = 'text/plain; charset=utf-8'
const JSON_TYPE = 'application/json; charset=utf-8'

/** HTTPS for the API server, which posts to the path of an entry. A thin skin around `webhookEntries`. */
export class WebhookListener {
  readonly connections: OpenConnections
  readonly budget = new BodyBudget()
  readonly #app: FastifyInstance<Server>
  readonly #options: WebhookListenerOptions
  #draining = false

  constructor(options: WebhookListenerOptions) {
    this.#options = options
    this.#app = this.#build()
    this.connections = new OpenConnections(this.#app.server)
  }

  /** Begins to answer; without a certificate no handshake succeeds. @throws where the address cannot be listened on */
  async listen(host: string, port: number): Promise<AddressInfo> {
    await this.#app.listen({ host, port })
    return this.#app.server.address() as AddressInfo
  }

  /** New connections get this certificate from now on; those that are open keep theirs. */
  useCertificate(certificate: CertificatePair): void {
    this.#app.server.setSecureContext(tlsOptions(certificate, this.#options.minVersion))
  }

  /** From now on each answer asks the client to close its connection. New connections are still taken. */
  beginDrain(): void {
    this.#draining = true
  }

  /** Stops listening, and ends what is still open. */
  async close(): Promise<void> {
    const closed = this.#app.close()
    this.#app.server.closeAllConnections()
    await closed
  }

  #build(): FastifyInstance<Server> {
    const { minVersion, observer, timeouts } = this.#options
    const app = fastify({
      https: {
        minVersion,
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        headersTimeout: timeouts?.headersMs ?? HEADERS_TIMEOUT_MS,
        connectionsCheckingInterval: timeouts?.checkMs ?? TIMEOUT_CHECK_MS,
      },
      requestTimeout: timeouts?.requestMs ?? REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionTimeout: STALLED_CONNECTION_MS,
      bodyLimit: MAX_BODY_BYTES,
      // A body with such keys is judged like any other: a 400 would be a way around the policy under failurePolicy Ignore.
      onProtoPoisoning: 'ignore',
      onConstructorPoisoning: 'ignore',
      // While draining we answer; we close only when nobody is connected any more.
      return503OnClosing: false,
      exposeHeadRoutes: false,
      schemaController: NO_SCHEMAS,
      logger: false,
      // Only URLs that cannot be decoded come here.
      frameworkErrors: (_error, request, reply) => {
        this.#refuse(Refusal.path(request.url), reply)
      },
      clientErrorHandler: (error, socket) => this.#answerBadHttp(error, socket),
    })
    app.server.maxConnections = MAX_CONNECTIONS
    app.server.on('drop', () => observer.connectionDropped())
    // Node's own listener makes an HTTP error of it: it would be counted twice, and answered on a connection that is none.
    app.server.removeAllListeners('tlsClientError')
    app.server.on('tlsClientError', (error, socket) => {
      observer.handshakeFailed(error)
      socket.destroy()
    })

    // Only the entries' routes read bodies; on a wrong path nothing is taken in.
    app.removeAllContentTypeParsers()
    const entries = webhookEntries(this.#options)
    app.register(async (validate) => {
      validate.addContentTypeParser('application/json', (_request, payload, done) =>
        readReviewBody(payload, this.budget, (received) => done(null, received)),
      )
      for (const [path, entry] of entries)
        validate.post(path, (request, reply) =>
          this.#answer(entry, request.body as Received | undefined, reply),
        )
    })
    for (const url of entries.keys())
      app.route({
        method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
        url,
        // Before the body: it may be of any type and length.
        onRequest: async (request, reply) => {
          reply.header('allow', 'POST')
          return this.#refuse(Refusal.method(request.method, url), reply)
        },
        handler: () => {},
      })
    app.setNotFoundHandler((request, reply) => this.#refuse(Refusal.path(request.url), reply))
    app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
      if (error.statusCode === 415) {
        return this.#refuse(Refusal.contentType(request.headers['content-type']), reply)
      }
      observer.failed(error, undefined)
      return this.#refuse(Refusal.fault(undefined), reply)
    })
    return app
  }

  async #answer(entry: Entry, received: Received | undefined, reply: FastifyReply): Promise<FastifyReply> {
    if (received === undefined) return this.#refuse(Refusal.empty, reply)
    const { content, startedAt } = received
    let request: AdmissionRequest | undefined
    try {
      if (content instanceof Refusal) return this.#refuse(content, reply)
      request = readReview(content.value)
      const { review, report } = await entry(request)
      this.#send(reply, 200, JSON_TYPE, JSON.stringify(review))
      report((performance.now() - startedAt) / 1000)
      return reply
    } catch (error) {
      if (error instanceof ReviewError) return this.#refuse(Refusal.badReview(error.message), reply)
      // The API server applies its failurePolicy: only the cluster's admin can decide whether an object that we cannot judge passes.
      this.#options.observer.failed(error, request?.uid)
      return this.#refuse(Refusal.fault(request?.uid), reply)
    } finally {
      received.release()
    }
  }

  #refuse(refusal: Refusal, reply: FastifyReply): FastifyReply {
    this.#options.observer.refused(refusal.reason)
    return this.#send(reply, refusal.status, TEXT, `${refusal.text}\n`)
  }

  #send(reply: FastifyReply, status: number, type: string, body: string): FastifyReply {
    if (this.#draining) reply.header('connection', 'close')
    return reply.code(status).header('content-type', type).send(body)
  }

  /** What is no HTTP, or takes too long. There is no request yet that could be answered in the usual way. */
  #answerBadHttp(error: Error & { code?: string }, socket: Socket): void {
    const refusal = httpRefusal(error)
    // Go's HTTP client opens a connection, and keeps it for later where another has come free first. It may use it at any
    // moment, and would take a 408 for the answer to its request. What bounds idle connections bounds this one.
    if (refusal === Refusal.timeout && socket.bytesRead === 0) return
    this.#options.observer.refused(refusal.reason)
    if (!socket.writable || refusal === Refusal.aborted) {
      socket.destroy()
      return
    }
    const body = `${refusal.text}\n`
    socket.end(
      `HTTP/1.1 ${refusal.status} ${STATUS_TEXT[refusal.status]}\r\nConnection: close\r\n` +
        `Content-Type: ${TEXT}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      () => socket.destroy(),
    )
  }
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

function httpRefusal({ code }: { code?: string }): Refusal {
  if (code === 'ECONNRESET' || code === 'EPIPE') return Refusal.aborted
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return Refusal.timeout
  if (code === 'HPE_HEADER_OVERFLOW') return Refusal.headerSize
  return Refusal.badHttp
}

function tlsOptions({ certificate, key }: CertificatePair, minVersion: TlsVersion) {
  return { cert: certificate, key, minVersion }
}
