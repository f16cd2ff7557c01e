import type { FollowListener } from '../certificates/callers.ts'
import type { ReflectorListener } from './reflector.ts'

/** Passes what a reflector tells on to somebody who follows several. @param what names what it follows */
export function telling(what: string, listener: FollowListener): ReflectorListener {
  return {
    changed: () => listener.changed(),
    failed: (error) => listener.lost(what, error),
    recovered: () => listener.recovered(what),
  }
}
