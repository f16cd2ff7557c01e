import type { ClusterView } from '../admission/cluster-view.ts'
import type { Api } from '../cluster/api.ts'
import { PolicyFile } from '../files/policy-file.ts'
import { builtInPolicy } from '../policy/built-in.ts'
import type { Mode } from '../policy/mode.ts'
import { withMode } from '../policy/with-mode.ts'
import { fixedPolicy, type PolicySource } from '../server/policy-source.ts'
import { connect } from './cluster-option.ts'
import { CommandError } from './command.ts'
import { podsApiServer } from './environment.ts'
import { version } from './version.ts'

/** Where `serve` takes its policies from. */
export interface PolicySourceOptions {
  readonly policy?: string
  readonly mode?: Mode
  /** False: not from a cluster, even in a Pod (`--no-cluster`). */
  readonly cluster: boolean
  readonly kubeconfig?: string
  readonly context?: string
  /** The folder with the token of the Pod's service account; undefined: where the kubelet puts it. */
  readonly serviceAccount?: string
}

/** Policies, and the cluster that they come from. */
export interface Source {
  readonly policies: PolicySource
  /** Set where changes of policies and namespaces can be spoken about. */
  readonly cluster?: ClusterView
}

/**
 * A file, where one is named; else the cluster, in a Pod or where a kubeconfig is named; else the built-in policy.
 * @throws PolicyError, LoginError, CommandError
 */
export async function policySource(options: PolicySourceOptions): Promise<Source> {
  const { policy: file, mode } = options
  if (file !== undefined) return { policies: await PolicyFile.open(file, { mode }) }
  const api = await clusterApi(options)
  if (api === undefined) {
    const policy = builtInPolicy()
    return { policies: fixedPolicy(mode === undefined ? policy : withMode(policy, mode)) }
  }
  const { followCluster } = await import('../cluster/follow-cluster.ts')
  return followCluster({ api, mode })
}

async function clusterApi(options: PolicySourceOptions): Promise<Api | undefined> {
  const { cluster, kubeconfig, context, serviceAccount } = options
  if (!cluster) return undefined
  // In a Pod it would lead nowhere, and elsewhere the built-in policy would hold where somebody meant a cluster.
  if (context !== undefined && kubeconfig === undefined)
    throw new CommandError(
      '--context names a context of a kubeconfig; name that too: --kubeconfig FILE --context NAME',
    )
  if (kubeconfig !== undefined) return (await connect({ kubeconfig, context })).api
  const pod = podsApiServer()
  if (pod === undefined) return undefined
  const [{ InClusterLogin }, { ApiClient }] = await Promise.all([
    import('../cluster/in-cluster-login.ts'),
    import('../cluster/api-client.ts'),
  ])
  const login = await InClusterLogin.open({ ...pod, folder: serviceAccount })
  return new ApiClient(login, { version: version() })
}
