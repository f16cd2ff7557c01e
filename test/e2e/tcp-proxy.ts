import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { Test } from 'tap'
import { LOOPBACK } from '../control-plane/free-ports.ts'

/** A line to a server on loopback that a test can cut. */
export class TcpProxy {
  readonly port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #open = true

  private constructor(server: Server, to: number) {
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    server.on('connection', (near) => {
      if (this.#open) this.#join(near, connect(to, LOOPBACK))
      else near.resetAndDestroy()
    })
  }

  /** It ends with the test. */
  static async start(t: Test, to: number): Promise<TcpProxy> {
    const server = createServer()
    await once(server.listen(0, LOOPBACK), 'listening')
    const proxy = new TcpProxy(server, to)
    t.teardown(() => proxy.close())
    return proxy
  }

  /** Cuts all connections; new ones go through. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** Cuts all connections, and each new one, until the work is done. */
  async down(work: () => Promise<unknown>): Promise<void> {
    this.#open = false
    this.cut()
    await work()
    this.#open = true
  }

  close(): void {
    this.#server.close()
    this.cut()
  }

  #join(near: Socket, far: Socket): void {
    for (const socket of [near, far]) {
      this.#sockets.add(socket)
      socket.on('error', () => {}) // `close` follows
      socket.on('close', () => {
        this.#sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  }
}
