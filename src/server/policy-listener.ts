import type { Logger } from 'pino'
import type { ClusterListener } from '../cluster/cluster-listener.ts'
import type { Metrics } from './metrics.ts'

/** Kinds that a line names; a cluster that sends none has them all. */
const MAX_LOGGED_KINDS = 20

/** Logs and counts what happens to the policies. */
export function policyListener(log: Logger, metrics: Metrics, now: () => Date): ClusterListener {
  return {
    loaded({ name, mode, enforceFrom }, { hash, generation }) {
      metrics.policyLoaded(now())
      log.info({ policy: name, hash, generation, mode, enforceFrom }, 'policy in force')
    },
    refused(error) {
      log.error({ error }, 'new policy refused, the last good one stays in force')
    },
    gone(name) {
      log.info({ policy: name }, 'policy deleted')
    },
    lost(resource, error) {
      log.warn({ resource, error }, 'API server cannot be followed, what is known stays in force')
    },
    recovered(resource) {
      log.info({ resource }, 'API server is followed again')
    },
    installed(is) {
      if (is) log.info('a webhook configuration sends workloads again')
      else log.warn('no webhook configuration sends workloads, so nothing is judged')
    },
    unsent(kinds) {
      metrics.kindsNotSent(kinds.length)
      if (kinds.length === 0) return
      const named = kinds.slice(0, MAX_LOGGED_KINDS).map(({ group, kind }) => `${kind}.${group}`)
      log.warn(
        { kinds: named, count: kinds.length },
        'the API server does not send these kinds, they pass unjudged: tallyman webhook-rules prints the rules',
      )
    },
    statusFailed(error) {
      log.warn({ error }, 'the status of a policy could not be written')
    },
  }
}
