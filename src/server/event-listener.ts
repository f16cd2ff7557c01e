import type { Logger } from 'pino'
import type { EventListener } from '../cluster/event-writer.ts'
import type { Metrics } from './metrics.ts'

/** The metric counts each; the log says why, and a namespace that is about to go refuses them all. */
const LOG_AGAIN_MS = 10 * 60_000

/** Logs and counts what becomes of Events. */
export function eventListener(log: Logger, metrics: Metrics, now: () => Date): EventListener {
  let logged = Number.NEGATIVE_INFINITY
  return {
    written() {
      metrics.event('written')
    },
    failed(error) {
      metrics.event('failed')
      const at = now().getTime()
      if (at - logged < LOG_AGAIN_MS) return
      logged = at
      log.warn({ error }, 'an event could not be written')
    },
  }
}
