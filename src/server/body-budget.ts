import { MAX_BODY_BYTES, MAX_BYTES_IN_FLIGHT, MAX_CONNECTIONS, SMALL_BODY_BYTES } from './bounds.ts'

/** A stream that can be told to wait. */
export interface Pausable {
  pause(): unknown
  resume(): unknown
}

/** One body's account. */
export interface BodyAccount {
  /** Counts bytes that have arrived. May pause the stream. */
  add(bytes: number): void
  /** Everything has arrived: the bytes still count, but nothing more will come. */
  complete(): void
  /** The bytes are no longer in memory. May be called again. */
  release(): void
}

interface Account {
  readonly stream: Pausable
  bytes: number
}

/**
 * Bounds the bytes of all bodies that are in memory at once.
 *
 * What has arrived is counted, not what was announced: a client could announce three large bodies, send none, and so
 * silence all others. The oldest unfinished body may always be read to its end; the others are read only while that leaves
 * room for it. So the bound holds, and there is always one body that makes progress: half-read bodies cannot block each
 * other. An oldest one that stalls is ended by the request timeout. Small bodies, which nearly all are, never wait behind
 * large ones: as many as there can be connections have their room apart.
 */
export class BodyBudget {
  readonly #shared: number
  /** Bodies that are arriving, the oldest first (a Set keeps the order of insertion). */
  readonly #arriving = new Set<Account>()
  #oldest: Account | undefined
  #bytes = 0
  #smallBytes = 0
  #full = false

  constructor(
    limit: number = MAX_BYTES_IN_FLIGHT,
    largest: number = MAX_BODY_BYTES,
    forSmall: number = MAX_CONNECTIONS * SMALL_BODY_BYTES,
  ) {
    this.#shared = limit - largest - forSmall
  }

  /** Bytes in memory now. */
  get bytes(): number {
    return this.#bytes + this.#smallBytes
  }

  /**
   * Opens an account for a body. The stream may be paused before it has begun.
   * @param announced its Content-Length, NaN where there is none
   */
  open(stream: Pausable, announced = Number.NaN): BodyAccount {
    const account: Account = { stream, bytes: 0 }
    if (announced <= SMALL_BODY_BYTES) return this.#small(account)
    this.#arriving.add(account)
    if (this.#oldest === undefined) this.#oldest = account
    else if (this.#full) stream.pause()
    return {
      add: (bytes) => {
        account.bytes += bytes
        this.#bytes += bytes
        if (!this.#full && this.#bytes >= this.#shared) this.#pauseOthers()
      },
      complete: () => this.#leave(account),
      release: () => {
        this.#leave(account)
        this.#bytes -= account.bytes
        account.bytes = 0
        if (this.#full && this.#bytes < this.#shared) this.#resumeAll()
      },
    }
  }

  /** Counted, but apart from what makes others wait. */
  #small(account: Account): BodyAccount {
    return {
      add: (bytes) => {
        account.bytes += bytes
        this.#smallBytes += bytes
      },
      complete() {},
      release: () => {
        this.#smallBytes -= account.bytes
        account.bytes = 0
      },
    }
  }

  #leave(account: Account): void {
    if (!this.#arriving.delete(account) || this.#oldest !== account) return
    this.#oldest = this.#arriving.values().next().value
    if (this.#full) this.#oldest?.stream.resume()
  }

  #pauseOthers(): void {
    this.#full = true
    for (const account of this.#arriving) if (account !== this.#oldest) account.stream.pause()
  }

  #resumeAll(): void {
    this.#full = false
    for (const account of this.#arriving) account.stream.resume()
  }
}
