import type { Logger } from 'pino'
import type { Verdict } from '../admission/admit.ts'
import { ownerEvent } from '../admission/owner-event.ts'
import { plainText } from '../admission/plain-text.ts'
import type { AdmissionRequest, AdmissionReviewResponse } from '../admission/review.ts'
import type { EventWriter } from '../cluster/event-writer.ts'
import type { ChangeEntry } from './change-entry.ts'
import { logChange, logVerdict } from './logging.ts'
import type { Metrics } from './metrics.ts'
import type { RefusalReason } from './refusal.ts'
import { UnknownKinds } from './unknown-kinds.ts'

/** Who is told of each answer, to log and count it. Must not throw. */
export interface Observer {
  /** A verdict was given. @param seconds from the headers' arrival */
  judged(request: AdmissionRequest, verdict: Verdict, seconds: number): void
  /** A change of a TagPolicy or of a namespace was answered. */
  changed(entry: ChangeEntry, request: AdmissionRequest, review: AdmissionReviewResponse): void
  /** A request was answered without a verdict, or could not be answered. */
  refused(reason: RefusalReason): void
  /** Our own fault. @param uid undefined where none was read yet */
  failed(error: unknown, uid: string | undefined): void
  /** A TLS handshake failed. */
  handshakeFailed(error: Error): void
  /** A connection was closed at once because there are too many. */
  connectionDropped(): void
}

/** As long as admission lets one be. */
const MAX_UID = 256

/**
 * Logs and counts. What clients do wrong is only counted: they could fill a disk with it.
 * @param events takes what is to be said on the owners of objects; undefined: nothing is
 */
export function observer(log: Logger, metrics: Metrics, events?: Pick<EventWriter, 'note'>): Observer {
  const unknownKinds = new UnknownKinds(log)
  return {
    judged(request, verdict, seconds) {
      metrics.judged(request, verdict, seconds)
      if (verdict.unjudged === 'kind') unknownKinds.note(request)
      logVerdict(log, request, verdict)
      const said = events && ownerEvent(request, verdict)
      if (said !== undefined && !events?.note(said)) metrics.event('dropped')
    },
    changed(entry, request, review) {
      metrics.changed(entry, review)
      logChange(log, entry, request, review)
    },
    refused(reason) {
      metrics.failed(reason)
      log.debug({ reason }, 'request refused')
    },
    failed(error, uid) {
      log.error(
        { uid: uid === undefined ? undefined : plainText(uid, MAX_UID), error },
        'request could not be judged',
      )
    },
    handshakeFailed(error) {
      metrics.failed('handshake')
      // Usual where a load balancer probes the port; interesting where an API server does not trust our CA.
      log.debug({ error }, 'TLS handshake failed')
    },
    connectionDropped() {
      metrics.failed('connection_limit')
      log.debug('connection dropped, there are too many')
    },
  }
}
