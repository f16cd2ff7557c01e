import { setTimeout } from 'node:timers/promises'
import { MOVING, pod } from '../bench/reviews.ts'
import type { ApiClient } from '../control-plane/api-client.ts'
import { apiPath } from './api-path.ts'

/** A Pod of three containers; its review has about 6 KB. */
const podOf = (images?: readonly string[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { generateName: 'resnet-' },
  spec: pod(images, 30).spec,
})
const PASSES = podOf()
const DENIED = podOf(MOVING)

export interface Timed {
  /** From each create's sending to its answer. */
  readonly milliseconds: readonly number[]
  /** From the first sending to the last answer. */
  readonly seconds: number
}

/**
 * Creates Pods (dry runs) at a fixed rate. The clients take turns, each waits for its answer before it sends the next, and
 * one that is late sends at once.
 * @param denied whether those are created that are to be denied
 * @throws Error with what the API server said, where it answered one otherwise
 */
export async function timedCreates(
  clients: readonly ApiClient[],
  {
    namespace,
    perSecond,
    seconds,
    denied = false,
  }: { namespace: string; perSecond: number; seconds: number; denied?: boolean },
): Promise<Timed> {
  const path = `${apiPath('v1', 'pods', namespace)}?dryRun=All`
  const creates = Math.round(perSecond * seconds)
  const milliseconds: number[] = []
  const began = performance.now()
  await Promise.all(
    clients.map(async (client, first) => {
      for (let index = first; index < creates; index += clients.length) {
        const early = began + (index * 1000) / perSecond - performance.now()
        if (early > 0) await setTimeout(early)
        const sentAt = performance.now()
        const { status, body } = await client.create(path, denied ? DENIED : PASSES)
        if (status !== (denied ? 403 : 201))
          throw new Error(`A create in ${namespace} was answered ${status}: ${JSON.stringify(body)}`)
        milliseconds.push(performance.now() - sentAt)
      }
    }),
  )
  return { milliseconds, seconds: (performance.now() - began) / 1000 }
}
