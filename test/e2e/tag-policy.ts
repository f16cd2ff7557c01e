import { parse } from 'yaml'
import type { Answer, ApiClient } from '../control-plane/api-client.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'

export const TAG_POLICIES = apiPath('tallyman.dev/v1alpha1', 'tagpolicies')

/** The API server serves a kind within a second of its definition; this leaves room for a busy machine. */
const SERVED_WITHIN_MS = 30_000

/** How many times in a row somebody else may come first: a status is written at most every ten seconds by each replica. */
const CONFLICTS = 5

/** Waits until the API server serves TagPolicies. */
export async function tagPoliciesServed(admin: ApiClient, signal: AbortSignal): Promise<void> {
  await until('TagPolicies to be served', SERVED_WITHIN_MS, signal, async () =>
    (await admin.get(TAG_POLICIES)).status === 200 ? true : undefined,
  )
}

/**
 * Makes a TagPolicy what a text says, whatever it was before. The answer is the API server's, a denial too.
 * A conflict is tried again: the replicas write their status in between.
 */
export async function putTagPolicy(client: ApiClient, text: string): Promise<Answer> {
  const wanted = parse(text) as { metadata: { name: string } }
  const path = `${TAG_POLICIES}/${wanted.metadata.name}`
  for (let left = CONFLICTS; ; left -= 1) {
    const current = await client.get(path)
    if (current.status === 404) return client.create(TAG_POLICIES, wanted)
    expectSuccess(current, `reading ${path}`)
    const { resourceVersion } = metadataOf(current)
    const put = await client.send('PUT', path, {
      ...wanted,
      metadata: { ...wanted.metadata, resourceVersion },
    })
    if (put.status !== 409 || left === 0) return put
  }
}

/** Which version of its spec an object has. */
export function generationOf(answer: Answer): number {
  return metadataOf(answer).generation
}

function metadataOf({ body }: Answer): { resourceVersion: string; generation: number } {
  return (body as { metadata: { resourceVersion: string; generation: number } }).metadata
}
