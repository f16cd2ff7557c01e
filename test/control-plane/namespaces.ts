import type { Answer, ApiClient } from './api-client.ts'
import { until } from './until.ts'

/** A namespace's service account comes within milliseconds of it, on a busy machine within a second or two. */
const SERVICE_ACCOUNT_WITHIN_MS = 30_000

/** Makes a namespace, unless it is there. Pods can be created in it once it has a service account. */
export async function ensureNamespace(
  admin: ApiClient,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const created = await admin.create('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
  })
  if (created.status !== 409) expectSuccess(created, `creating the namespace ${name}`)
}

/**
 * Sees to a namespace's service account `default`, without which the API server refuses each Pod: waits for the
 * controller manager to make it, or makes it where none runs.
 */
export async function ensureServiceAccount(
  admin: ApiClient,
  namespace: string,
  { controllers, signal }: { controllers: boolean; signal: AbortSignal },
): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts`
  if (controllers) {
    await until(`the service account of ${namespace}`, SERVICE_ACCOUNT_WITHIN_MS, signal, async () =>
      (await admin.get(`${path}/default`)).status === 200 ? true : undefined,
    )
    return
  }
  const created = await admin.create(path, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default' },
  })
  if (created.status !== 409) expectSuccess(created, `creating the service account of ${namespace}`)
}

/** @throws Error that holds what the API server said */
export function expectSuccess({ status, body }: Answer, what: string): void {
  if (status >= 200 && status < 300) return
  const said =
    typeof body === 'string' ? body : ((body as { message?: string } | null)?.message ?? JSON.stringify(body))
  throw new Error(`${what} failed with ${status}: ${said}`)
}
