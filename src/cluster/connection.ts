import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { isDeepStrictEqual } from 'node:util'
import type { AskOptions } from './api.ts'
import { connectionFault, tooSlow } from './connection-fault.ts'
import type { Login } from './login.ts'

/** An answer that is needed comes within milliseconds; an API server itself gives a request of this kind up after a minute. */
export const TIMEOUT_MS = 10_000

/**
 * When the kernel begins to ask an idle connection whether it lives; Node has it asked ten times, a second apart. So an API
 * server that vanished without a word is noticed after 25 s, of which a watch, that only listens, knows nothing otherwise.
 */
const PROBE_AFTER_MS = 15_000

/** What is sent. */
export interface Ask {
  readonly method: string
  /** From the root, with its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** Sends requests to one API server, over connections that are kept. */
export class Connection {
  readonly server: string
  readonly #login: Login
  readonly #agent: Agent
  #closed = false
  /** How far the server's clock is ahead of ours, in milliseconds. */
  #ahead = 0

  constructor(login: Login) {
    this.server = login.server
    this.#login = login
    this.#agent = login.agent ?? new Agent({ ...login.tls, keepAlive: true, keepAliveMsecs: PROBE_AFTER_MS })
  }

  /**
   * Sends, and resolves when the answer begins. Where the login is not accepted (401), it is asked for another one, once.
   * @param stop ends all of it, also while the answer is read @throws LoginError, or what Node says of the connection
   */
  async send(ask: Ask, stop: AbortSignal): Promise<IncomingMessage> {
    const first = await this.#login.headers()
    const response = await this.#request(ask, first, stop)
    if (response.statusCode !== 401) return response
    this.#login.refused()
    const second = await this.#login.headers()
    if (isDeepStrictEqual(first, second)) return response
    response.destroy()
    return await this.#request(ask, second, stop)
  }

  /**
   * Does something that needs the connection, until a deadline.
   * @throws ApiError with status 0 where that passed or the connection failed; the signal's reason where that aborted
   */
  async within<T>(
    { signal, timeoutMs = TIMEOUT_MS }: AskOptions,
    work: (stop: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted()
    const stop = new AbortController()
    const abort = () => stop.abort(signal?.reason)
    const timer = setTimeout(() => stop.abort(tooSlow(this.server, timeoutMs / 1000)), timeoutMs)
    signal?.addEventListener('abort', abort)
    try {
      return await work(stop.signal)
    } catch (error) {
      throw stop.signal.aborted ? stop.signal.reason : this.fault(error)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  /** The server's clock, as its last answer told it. */
  now(): Date {
    return new Date(Date.now() + this.#ahead)
  }

  /** An error of Node's about a connection as one of ours; others are as they are. */
  fault(error: unknown): unknown {
    return isConnectionError(error) ? connectionFault(this.server, error) : error
  }

  /** Ends all connections, also those on which something is under way. */
  close(): void {
    this.#closed = true
    this.#agent.destroy()
  }

  #request(ask: Ask, login: Readonly<Record<string, string>>, stop: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.server}${ask.path}`, {
        method: ask.method,
        agent: this.#agent,
        headers: { ...ask.headers, ...login },
        signal: stop,
      })
      let answered = false
      sent.once('response', (response) => {
        answered = true
        this.#ahead = aheadOf(Date.now(), response.headers.date)
        resolve(response)
      })
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // The server may close an idle connection in the moment it is used again. A read can be repeated, and each try takes
        // one such connection away.
        const closed = error.code === 'ECONNRESET' && sent.reusedSocket && !answered
        if (closed && ask.method === 'GET' && !this.#closed && !stop.aborted)
          resolve(this.#request(ask, login, stop))
        else reject(error)
      })
      sent.end(ask.body)
    })
  }
}

/** An answer's date has no milliseconds, and was under way: what is less than this is no difference of clocks. */
const CLOCK_NOISE_MS = 5_000

/** How far a server's clock is ahead of one that shows `now`, by the date of an answer. */
export function aheadOf(now: number, date: string | undefined): number {
  const ahead = Date.parse(date ?? '') - now
  return Math.abs(ahead) > CLOCK_NOISE_MS ? ahead : 0
}

/** Errors of sockets, of TLS and of HTTP have a code; mistakes of ours have none. */
function isConnectionError(error: unknown): boolean {
  return typeof (error as { code?: unknown } | null)?.code === 'string'
}
