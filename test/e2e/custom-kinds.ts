import type { ApiClient } from '../control-plane/api-client.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'

/** A kind of custom resource, as far as the API server has to know it. */
export interface CustomKind {
  readonly group: string
  readonly kind: string
  /** The plural name: `rayjobs`. */
  readonly resource: string
  /** The versions to serve; the first is the one that is stored. */
  readonly versions: readonly string[]
  readonly clusterScoped?: boolean
}

/** The API server takes up a definition within a second or two; this leaves room for a busy machine. */
const SERVED_WITHIN_MS = 30_000

/**
 * Defines kinds whose objects may hold anything: what the real definitions require is no part of what tallyman reads.
 * Waits until they are served.
 */
export async function defineKinds(
  admin: ApiClient,
  kinds: readonly CustomKind[],
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    kinds.map(async (kind) => {
      const path = apiPath('apiextensions.k8s.io/v1', 'customresourcedefinitions')
      expectSuccess(await admin.create(path, definition(kind)), `defining ${kind.resource}.${kind.group}`)
    }),
  )
  for (const { group, resource, versions } of kinds) {
    for (const version of versions) {
      await until(`${resource}.${group} to be served`, SERVED_WITHIN_MS, signal, async () =>
        (await admin.get(apiPath(`${group}/${version}`, resource))).status === 200 ? true : undefined,
      )
    }
  }
}

function definition({ group, kind, resource, versions, clusterScoped = false }: CustomKind): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${resource}.${group}`,
      // Asked for where a group ends in k8s.io.
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test' },
    },
    spec: {
      group,
      scope: clusterScoped ? 'Cluster' : 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural: resource, singular: kind.toLowerCase() },
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      })),
    },
  }
}
