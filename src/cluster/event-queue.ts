import type { OwnerEvent } from '../admission/owner-event.ts'
import { eventName } from './event-object.ts'

/** Events that are known at a time, some 2 KB each. As many as are written in two minutes. */
export const MAX_EVENTS = 500

/** An Event, and how much of it the API server does not know yet. Times to come are by performance.now(). */
export interface Series {
  readonly said: OwnerEvent
  readonly name: string
  /** When it was seen, of the times that are not written. */
  first: Date
  last: Date
  unwritten: number
  /** Whether the API server has it, from whichever replica. */
  stored: boolean
  attempts: number
  dueAt: number
}

/** What waits to be written, the same things once with a count. Bounded; what finds no room is dropped. */
export class EventQueue {
  readonly #series = new Map<string, Series>()

  /** Takes it in. Never throws. @returns whether there was room */
  note(said: OwnerEvent, now: Date): boolean {
    const name = eventName(said, now)
    const known = this.#series.get(name)
    if (known !== undefined) {
      if (known.unwritten === 0) known.first = now
      known.last = now
      known.unwritten += 1
      return true
    }
    if (this.#series.size >= MAX_EVENTS && !this.#forgetOne()) return false
    const fresh = {
      first: now,
      last: now,
      unwritten: 1,
      stored: false,
      attempts: 0,
      dueAt: performance.now(),
    }
    this.#series.set(name, { said, name, ...fresh })
    return true
  }

  /** The one that has been due for longest, or will be first; undefined where all are written. */
  next(): Series | undefined {
    let next: Series | undefined
    for (const series of this.#series.values())
      if (series.unwritten > 0 && (next === undefined || series.dueAt < next.dueAt)) next = series
    return next
  }

  /** Makes room by the oldest that is written; should it be said again, the API server knows it. */
  #forgetOne(): boolean {
    for (const [name, { unwritten }] of this.#series) if (unwritten === 0) return this.#series.delete(name)
    return false
  }
}
