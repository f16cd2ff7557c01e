import { once } from 'node:events'
import type { ClientRequest } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { LOOPBACK } from '../control-plane/free-ports.ts'

/** A request to a webhook whose body has only begun to arrive. */
export class HalfSent {
  readonly #request: ClientRequest
  readonly #rest: string

  private constructor(sent: ClientRequest, rest: string) {
    this.#request = sent
    this.#rest = rest
  }

  /** Connects, and resolves when the webhook reads the body. @param ca of its certificate */
  static async begin(port: number, ca: string, review: string): Promise<HalfSent> {
    const sent = request({
      host: LOOPBACK,
      port,
      path: '/validate?timeout=5s',
      method: 'POST',
      agent: false,
      ca,
      servername: 'tallyman.tallyman.svc',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(review),
        // The server says when it reads; that is the moment to wait for.
        expect: '100-continue',
        connection: 'keep-alive',
      },
    })
    sent.flushHeaders()
    await once(sent, 'continue')
    const middle = Math.floor(review.length / 2)
    sent.write(review.slice(0, middle))
    return new HalfSent(sent, review.slice(middle))
  }

  /** Sends the rest. @returns what it is answered, and whether the connection may be used again */
  async finish(): Promise<{ status: number | undefined; connection: string | undefined; body: string }> {
    const answered = once(this.#request, 'response')
    this.#request.end(this.#rest)
    const [response] = await answered
    return {
      status: response.statusCode,
      connection: response.headers.connection,
      body: await text(response),
    }
  }
}
