import { createHash } from 'node:crypto'
import type { OwnerEvent } from '../admission/owner-event.ts'

/**
 * What is said again within so long is one Event with a count; an API server keeps Events for as long (--event-ttl). It begins
 * at the full hour, so that all replicas mean the same one.
 */
export const WINDOW_MS = 3_600_000

/** How often something was seen, and when. */
export interface Occurrences {
  readonly first: Date
  readonly last: Date
  readonly count: number
}

/** Where the Events of a namespace are. kubectl describe reads the same ones as core/v1. */
export function eventsPath(namespace: string): string {
  return `/apis/events.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/events`
}

/** The name of the Event that says this in the window of a time: the same one from every replica. */
export function eventName({ owner, reason, topic }: OwnerEvent, at: Date): string {
  const window = Math.floor(at.getTime() / WINDOW_MS)
  const said = JSON.stringify([owner.uid, reason, topic, window])
  return `tallyman.${createHash('sha256').update(said).digest('hex').slice(0, 32)}`
}

/** An Event of events.k8s.io/v1, as it is created. @param instance which replica says it */
export function eventObject(
  said: OwnerEvent,
  name: string,
  { first, ...occurrences }: Occurrences,
  instance: string,
): object {
  const { owner, namespace, reason, note } = said
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name, namespace },
    regarding: {
      apiVersion: owner.apiVersion,
      kind: owner.kind,
      namespace,
      name: owner.name,
      uid: owner.uid,
    },
    type: 'Warning',
    reason,
    action: reason === 'ImageTagDenied' ? 'Deny' : 'Admit',
    note,
    eventTime: microTime(first),
    ...eventSeries(occurrences),
    reportingController: 'tallyman',
    reportingInstance: instance,
  }
}

/** What says of an Event how often it happened; nothing for once, since the API server refuses a series of one. */
export function eventSeries({ last, count }: Pick<Occurrences, 'last' | 'count'>): {
  series?: { count: number; lastObservedTime: string }
} {
  return count < 2 ? {} : { series: { count, lastObservedTime: microTime(last) } }
}

/** meta/v1 MicroTime, which is read only with all six digits. */
function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z')
}
