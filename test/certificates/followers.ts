import type { FollowListener } from '../../src/certificates/callers.ts'

/** Those who follow something of a cluster that is kept in memory. */
export class Followers {
  readonly #what: string
  readonly #listeners = new Set<FollowListener>()

  constructor(what: string) {
    this.#what = what
  }

  /** Tells all of a change, as a watch does: each after some milliseconds. */
  changed(): void {
    for (const { changed } of this.#listeners) later(changed)
  }

  /** Nobody can follow it any more; undefined: everybody can again. */
  lose(error: Error | undefined): void {
    for (const { lost, recovered } of this.#listeners)
      if (error === undefined) recovered(this.#what)
      else lost(this.#what, error)
  }

  /** Follows until the signal aborts. @param look called before each change is told: it is seen from then on */
  async follow(look: () => void, listener: FollowListener, signal: AbortSignal): Promise<void> {
    const own: FollowListener = {
      ...listener,
      changed() {
        if (signal.aborted) return
        look()
        listener.changed()
      },
    }
    this.#listeners.add(own)
    later(own.changed)
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    this.#listeners.delete(own)
  }
}

function later(tell: () => void): void {
  setTimeout(tell, Math.random() * 5)
}
