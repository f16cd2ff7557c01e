import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnerEvent } from '../admission/owner-event.ts'
import { type Api, ApiError } from './api.ts'
import { jittered } from './backoff.ts'
import { eventObject, eventSeries, eventsPath } from './event-object.ts'
import { EventQueue, type Series } from './event-queue.ts'

/** How writes are spaced, in milliseconds. */
export interface EventPace {
  /** From one Event to the next: five a second are nothing to an API server, and more than a person reads. */
  readonly restMs: number
  /** How soon the same one is written again: a controller that is denied tries again all the time. */
  readonly repeatMs: number
  /** After a failure that may pass. */
  readonly retryMs: number
}

const PACE: EventPace = { restMs: 200, repeatMs: 60_000, retryMs: 10_000 }

/** By then it is most of a minute old, and an API server that is away so long has worse to tell. */
const MAX_ATTEMPTS = 5

/** Nothing is due: whatever is noted ends the wait. A day, since timers end at 24 of them. */
const IDLE_MS = 24 * 3_600_000

export interface EventWriterOptions {
  readonly api: Pick<Api, 'send'>
  /** Which replica this is: at most 128 characters. */
  readonly instance: string
  readonly now: () => Date
  readonly pace?: Partial<EventPace>
}

/** Who is told what became of the Events. */
export interface EventListener {
  /** One was written, or its count. */
  written(): void
  /** One is given up. */
  failed(error: Error): void
}

/**
 * Writes Events on the owners of objects: each text once in an hour, with a count, by all replicas together. Nobody waits for
 * it, and what is too much is dropped: an Event helps a person, and must cost no verdict and no API server anything.
 */
export class EventWriter {
  readonly #options: EventWriterOptions
  readonly #pace: EventPace
  readonly #queue = new EventQueue()
  #noted = Promise.withResolvers<void>()

  constructor(options: EventWriterOptions) {
    this.#options = options
    this.#pace = { ...PACE, ...options.pace }
  }

  /** Takes an Event to be written. Never throws. @returns whether there was room for it */
  note(said: OwnerEvent): boolean {
    const taken = this.#queue.note(said, this.#options.now())
    this.#noted.resolve()
    return taken
  }

  /** Writes until the signal aborts; what is not written by then is lost. Never rejects. */
  async run(listener: EventListener, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#noted = Promise.withResolvers()
      const next = this.#queue.next()
      const waitMs = next === undefined ? IDLE_MS : next.dueAt - performance.now()
      if (next === undefined || waitMs > 0) {
        await this.#idle(waitMs, signal)
      } else {
        await this.#write(next, listener, signal)
        await sleep(this.#pace.restMs, undefined, { signal }).catch(() => {})
      }
    }
  }

  /** Until so long has passed, or something is noted. */
  async #idle(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const timer = sleep(ms, undefined, { signal: AbortSignal.any([signal, over.signal]) })
    await Promise.race([this.#noted.promise, timer.catch(() => {})])
    over.abort()
  }

  async #write(series: Series, listener: EventListener, signal: AbortSignal): Promise<void> {
    const count = series.unwritten
    try {
      if (series.stored) await this.#repeat(series, count, signal)
      else await this.#create(series, count, signal)
      series.stored = true
      series.unwritten -= count
      this.#rest(series)
      listener.written()
    } catch (error) {
      if (signal.aborted || this.#again(series, error)) return
      series.unwritten = 0
      this.#rest(series)
      listener.failed(error as Error)
    }
  }

  #rest(series: Series): void {
    series.attempts = 0
    series.dueAt = performance.now() + this.#pace.repeatMs
  }

  async #create({ said, name, first, last }: Series, count: number, signal: AbortSignal): Promise<void> {
    const { api, instance } = this.#options
    const body = eventObject(said, name, { first, last, count }, instance)
    await api.send('POST', eventsPath(said.namespace), body, { signal })
  }

  /** Adds to the count, whoever wrote it last. A change of nothing reads the Event, and takes no right to read any. */
  async #repeat({ said, name, last }: Series, more: number, signal: AbortSignal): Promise<void> {
    const { api } = this.#options
    const path = `${eventsPath(said.namespace)}/${name}`
    const { metadata, series } = (await api.send('PATCH', path, {}, { signal })) as StoredEvent
    const count = (series?.count ?? 1) + more
    // Refused (409) where another replica has counted in between.
    const body = { metadata: { resourceVersion: metadata.resourceVersion }, ...eventSeries({ last, count }) }
    await api.send('PATCH', path, body, { signal })
  }

  /** Decides after a failure. @returns whether it is tried again */
  #again(series: Series, error: unknown): boolean {
    const status = error instanceof ApiError ? error.status : 0
    series.attempts += 1
    if (series.attempts >= MAX_ATTEMPTS) return false
    // Another replica was first, or the Event has expired meanwhile: at once the other way.
    if (status === (series.stored ? 404 : 409)) {
      series.stored = !series.stored
      return true
    }
    series.dueAt = performance.now() + jittered(this.#pace.retryMs)
    return status === 0 || status === 409 || status === 429 || status >= 500
  }
}

/** What is read of an Event. */
interface StoredEvent {
  readonly metadata: { readonly resourceVersion: string }
  readonly series?: { readonly count: number }
}
