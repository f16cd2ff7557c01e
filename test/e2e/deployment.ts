import type { ApiClient } from '../control-plane/api-client.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'

/** The parts of tallyman's Deployment that say what runs. */
interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string
        readonly automountServiceAccountToken: boolean
        readonly containers: readonly {
          readonly args: readonly string[]
          readonly env?: readonly { readonly name: string; readonly value?: string }[]
          readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[]
        }[]
        readonly volumes?: readonly {
          readonly name: string
          readonly configMap?: { readonly name: string }
          readonly secret?: { readonly secretName: string }
        }[]
      }
    }
  }
}

/** A volume as the kubelet would fill it. */
export interface Volume {
  readonly name: string
  readonly mountPath: string
  readonly files: Readonly<Record<string, string>>
}

/** What a Pod of the installed Deployment would run: there is no kubelet, so the tests take its part. */
export interface Runnable {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly volumes: readonly Volume[]
  /** The service account whose token it gets; undefined where it gets none. */
  readonly serviceAccount?: string
}

const NAMESPACE = '/api/v1/namespaces/tallyman'

/** Reads the Deployment, ConfigMap and Secret as the API server has them. */
export async function runnable(admin: ApiClient): Promise<Runnable> {
  const read = async <T>(path: string): Promise<T> => {
    const answer = await admin.get(path)
    expectSuccess(answer, `reading ${path}`)
    return answer.body as T
  }
  const { spec } = (await read<Deployment>('/apis/apps/v1/namespaces/tallyman/deployments/tallyman')).spec
    .template
  const [container] = spec.containers
  if (container === undefined) throw new Error('The Deployment of tallyman has no container')
  const volumes = (spec.volumes ?? []).map(async ({ name, configMap, secret }): Promise<Volume> => {
    const mountPath = container.volumeMounts?.find((mount) => mount.name === name)?.mountPath ?? ''
    if (configMap !== undefined) {
      const { data } = await read<{ data: Record<string, string> }>(
        `${NAMESPACE}/configmaps/${configMap.name}`,
      )
      return { name, mountPath, files: data }
    }
    const { data } = await read<{ data: Record<string, string> }>(
      `${NAMESPACE}/secrets/${secret?.secretName}`,
    )
    const decoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()])
    return { name, mountPath, files: Object.fromEntries(decoded) }
  })
  const env = (container.env ?? []).map(({ name, value = '' }) => [name, value])
  return {
    args: container.args,
    env: Object.fromEntries(env),
    volumes: await Promise.all(volumes),
    ...(spec.automountServiceAccountToken && { serviceAccount: spec.serviceAccountName }),
  }
}
