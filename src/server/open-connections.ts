import type { Server, Socket } from 'node:net'

/** Counts the open connections of a server and tells when there are none. */
export class OpenConnections {
  #open = 0
  readonly #listeners = new Set<() => void>()

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#open += 1
      this.#tell()
      socket.once('close', () => {
        this.#open -= 1
        this.#tell()
      })
    })
  }

  get count(): number {
    return this.#open
  }

  /** Calls back after each connection that opens or closes. @returns ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
