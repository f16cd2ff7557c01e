import type { Cluster } from './cluster-option.ts'
import { connect } from './cluster-option.ts'
import { CommandError } from './command.ts'
import { podsApiServer } from './environment.ts'
import { version } from './version.ts'

/** Which cluster `serve` belongs to. */
export interface ServeClusterOptions {
  /** False: none, even in a Pod (`--no-cluster`). */
  readonly cluster: boolean
  readonly kubeconfig?: string
  readonly context?: string
  /** The folder with the token of the Pod's service account; undefined: where the kubelet puts it. */
  readonly serviceAccount?: string
}

/** The cluster of a kubeconfig, where one is named, else that of the Pod; undefined outside of both. @throws LoginError, CommandError */
export async function serveCluster(options: ServeClusterOptions): Promise<Cluster | undefined> {
  const { cluster, kubeconfig, context, serviceAccount } = options
  if (!cluster) return undefined
  // In a Pod it would lead nowhere, and elsewhere the built-in policy would hold where somebody meant a cluster.
  if (context !== undefined && kubeconfig === undefined)
    throw new CommandError(
      '--context names a context of a kubeconfig; name that too: --kubeconfig FILE --context NAME',
    )
  if (kubeconfig !== undefined) return await connect({ kubeconfig, context })
  const pod = podsApiServer()
  if (pod === undefined) return undefined
  const [{ InClusterLogin }, { ApiClient }] = await Promise.all([
    import('../cluster/in-cluster-login.ts'),
    import('../cluster/api-client.ts'),
  ])
  const login = await InClusterLogin.open({ ...pod, folder: serviceAccount })
  return { api: new ApiClient(login, { version: version() }), namespace: login.namespace }
}
