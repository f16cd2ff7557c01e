import { once } from 'node:events'
import { connect } from 'node:tls'
import { LOOPBACK } from '../control-plane/free-ports.ts'
import { bundles } from './kept-certificate.ts'
import { atRate } from './rate.ts'
import type { SetUp } from './set-up.ts'

/** The Service's name, by which the API server calls. */
const HOST = 'tallyman.tallyman.svc'

/**
 * New connections to each replica, verified by the `caBundle` of the moment. An API server keeps its connections, so that the
 * creates of a test meet a new certificate only now and then.
 */
export class Handshakes {
  count = 0
  /** What went wrong, each text once. */
  readonly refused = new Set<string>()
  readonly #stop = new AbortController()
  readonly #open = new Set<Promise<void>>()
  readonly #running: Promise<void>

  constructor(set: SetUp, perSecond: number) {
    this.#running = atRate(perSecond, this.#stop.signal, () => {
      if (this.#open.size > 0) return // the machine does not hold the rate
      const round = this.#round(set)
      this.#open.add(round)
      void round.finally(() => this.#open.delete(round))
    })
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    await Promise.all(this.#open)
  }

  async #round(set: SetUp): Promise<void> {
    const [ca] = await bundles(set)
    await Promise.all(set.tallyman.replicas.map(({ port }) => this.#shake(port, ca)))
  }

  async #shake(port: number, ca: string | undefined): Promise<void> {
    this.count += 1
    const socket = connect({ host: LOOPBACK, port, servername: HOST, ca: ca ?? '' })
    try {
      await once(socket, 'secureConnect')
    } catch (error) {
      this.refused.add(String(error))
    } finally {
      socket.destroy()
    }
  }
}
