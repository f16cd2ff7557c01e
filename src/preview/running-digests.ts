/** What a container of a Pod runs. */
export interface RunningContainer {
  readonly name: string
  /** As the Pod's spec has it. */
  readonly image: string
  readonly digest: string
}

/** Digests, and how many containers run each. */
export type Running = Map<string, number>

const DIGEST = /@(sha256:[0-9a-f]{64})$/

/** Where a Pod has its containers, and beside each list the one of their statuses. */
const LISTS = [
  ['containers', 'containerStatuses'],
  ['initContainers', 'initContainerStatuses'],
] as const

/**
 * The digest that a container runs, from `status.containerStatuses[].imageID`. Runtimes write `NAME@sha256:…`, some with a
 * scheme before it; `sha256:…` alone is the id of the image on that node, which no registry knows.
 */
export function runningDigest(imageID: unknown): string | undefined {
  return typeof imageID === 'string' ? DIGEST.exec(imageID)?.[1] : undefined
}

/** What the containers of a Pod run, as far as it is known. Any shape is taken. */
export function runningContainers(pod: unknown): RunningContainer[] {
  const { spec, status } = Object(pod) as { spec?: unknown; status?: unknown }
  return LISTS.flatMap(([containers, statuses]) => {
    const digests = new Map<unknown, string>()
    for (const { name, imageID } of objectsIn(status, statuses)) {
      const digest = runningDigest(imageID)
      if (digest !== undefined) digests.set(name, digest)
    }
    return objectsIn(spec, containers).flatMap(({ name, image }) => {
      const digest = digests.get(name)
      return digest !== undefined && typeof name === 'string' && typeof image === 'string'
        ? [{ name, image, digest }]
        : []
    })
  })
}

/** The most frequent first. */
export function byFrequency(running: ReadonlyMap<string, number>): string[] {
  return [...running]
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .map(([digest]) => digest)
}

function objectsIn(parent: unknown, list: string): Record<string, unknown>[] {
  const found = (Object(parent) as Record<string, unknown>)[list]
  return Array.isArray(found) ? found.map(Object) : []
}
