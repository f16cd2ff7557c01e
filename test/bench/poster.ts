import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'

/** Posts one body after the other on a connection that stays open. */
export class Poster {
  readonly #port: number
  readonly #agent: Agent

  constructor(port: number, ca: string) {
    this.#port = port
    this.#agent = new Agent({ ca, keepAlive: true, maxSockets: 1 })
  }

  /** @returns milliseconds until the whole answer was there @throws where it was no 200 */
  async time(path: string, body: string): Promise<number> {
    const began = performance.now()
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const sent = request({
      host: '127.0.0.1',
      port: this.#port,
      path,
      method: 'POST',
      agent: this.#agent,
      headers,
    })
    sent.end(body)
    const [response] = await once(sent, 'response')
    const said = await text(response)
    if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode} ${said}`)
    return performance.now() - began
  }

  close(): void {
    this.#agent.destroy()
  }
}
