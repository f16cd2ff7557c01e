import { hostname } from 'node:os'
import type { EventWriter } from '../cluster/event-writer.ts'
import type { Cluster } from './cluster-option.ts'
import { CommandError } from './command.ts'

/** As long as an Event's reportingInstance may be (ReportingInstanceLengthLimit in pkg/apis/core/validation/events.go). */
const MAX_INSTANCE = 128

/** What writes the Events of `serve --events`. @throws CommandError where there is no cluster to have them */
export async function eventWriter(cluster: Cluster | undefined): Promise<EventWriter> {
  if (cluster === undefined)
    throw new CommandError(
      '--events writes Events into the cluster, and this is no Pod of one; outside of a Pod name it with --kubeconfig FILE',
    )
  const { EventWriter } = await import('../cluster/event-writer.ts')
  const { api } = cluster
  return new EventWriter({
    api,
    instance: hostname().slice(0, MAX_INSTANCE),
    // The API server's clock: the replicas have to agree on the hour.
    now: () => api.now(),
  })
}
