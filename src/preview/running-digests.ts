/** What runs under a name: digests, and how many containers run each. */
export type Running = Map<string, number>

const DIGEST = /@(sha256:[0-9a-f]{64})$/

/**
 * The digest that a container runs, from `status.containerStatuses[].imageID`. Runtimes write `NAME@sha256:…`, some with a
 * scheme before it; `sha256:…` alone is the id of the image on that node, which no registry knows.
 */
export function runningDigest(imageID: unknown): string | undefined {
  return typeof imageID === 'string' ? DIGEST.exec(imageID)?.[1] : undefined
}

/** What the containers of a Pod run, by their names. Any shape is taken. */
export function digestsOf(pod: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const status = Object((pod as { status?: unknown } | null)?.status) as Record<string, unknown>
  for (const list of ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']) {
    const statuses = status[list]
    if (!Array.isArray(statuses)) continue
    for (const { name, imageID } of statuses.map(Object)) {
      const digest = runningDigest(imageID)
      if (typeof name === 'string' && digest !== undefined) found.set(name, digest)
    }
  }
  return found
}

/** The most frequent first. */
export function byFrequency(running: Running): string[] {
  return [...running]
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .map(([digest]) => digest)
}
