import type { EventEmitter } from 'node:events'
import type { DestinationStream } from 'pino'
import sonicBoom from 'sonic-boom'

/** What is kept for a reader that has stopped reading: some four thousand denials, and little of what deploy/ lets a Pod have. */
export const MAX_WAITING_BYTES = 4 * 1024 * 1024

/** A gap ends only with room for many lines, else every second line would tell of one. */
const END_OF_GAP_BYTES = MAX_WAITING_BYTES / 2

/** What one write takes of what waits: under load all lines that came in one turn of the event loop. */
const MAX_WRITE_BYTES = 64 * 1024

/** Who is told of what becomes of the log. Must not throw. */
export interface LogListener {
  /** Nothing could be written; told once, until something could. */
  faulty(error: Error): void
  /** The next line is written again; so many before it are missing. */
  gap(lines: number): void
}

/**
 * Where the log's lines go, in the background and in their order. Fails open: a reader that is slow delays no answer, one that
 * has stopped reading costs a bounded memory, and a full disk or a closed pipe ends nothing: what could not be written is tried
 * again with each further line. What has no room is dropped and counted, because a cluster does without a log better than
 * without its webhook.
 */
export class LogOutput implements DestinationStream {
  readonly #out: ByteStream
  readonly #listener: LogListener
  #waiting = 0
  #dropped = 0
  /** The dropped lines of the gap that is open; 0 where none is. */
  #missing = 0
  #isFaulty = false

  /** @param fd a file descriptor that is open for writing, and stays open */
  constructor(fd: number, listener: LogListener) {
    this.#listener = listener
    // Not pino.destination: it flushes when the process ends, and tries that for ever where nothing can be written.
    this.#out = new sonicBoom.SonicBoom({
      fd,
      sync: false,
      // With 0 its flush does nothing.
      minLength: 1,
      maxWrite: MAX_WRITE_BYTES,
      contentMode: 'buffer',
    }) as EventEmitter as ByteStream
    this.#out.on('write', (bytes) => {
      this.#waiting -= bytes
      this.#isFaulty = false
    })
    this.#out.on('error', (error) => {
      if (!this.#isFaulty) listener.faulty(error)
      this.#isFaulty = true
    })
  }

  /** The lines that were dropped so far. */
  get dropped(): number {
    return this.#dropped
  }

  /** Takes a line, its line feed included. */
  write(line: string): void {
    const bytes = Buffer.from(line)
    if (this.#isFull(bytes.length)) {
      this.#dropped += 1
      this.#missing += 1
      // Where nothing is being written, because it could not be: perhaps now it can.
      this.#out.flush()
      return
    }
    const missing = this.#missing
    // First: the listener may write a line of its own.
    this.#missing = 0
    if (missing > 0) this.#listener.gap(missing)
    this.#waiting += bytes.length
    this.#out.write(bytes)
  }

  #isFull(bytes: number): boolean {
    const limit = this.#missing === 0 ? MAX_WAITING_BYTES : END_OF_GAP_BYTES
    return this.#waiting + bytes > limit
  }
}

/** SonicBoom with `contentMode: 'buffer'`; its types know only text, whose length it measures anew with each line that waits. */
interface ByteStream extends EventEmitter<{ write: [bytes: number]; error: [error: Error] }> {
  write(bytes: Buffer): boolean
  flush(): void
}
