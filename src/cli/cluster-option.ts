import { Option } from 'commander'
import { plainText } from '../admission/plain-text.ts'
import { ApiError, type ApplyingApi } from '../cluster/api.ts'
import { CommandError } from './command.ts'
import { kubeconfigVariable } from './environment.ts'
import { version } from './version.ts'

/** Which cluster a command asks, and as whom; without either as kubectl would. */
export interface ClusterOptions {
  readonly kubeconfig?: string
  readonly context?: string
}

/** `--kubeconfig FILE`, as every command has it that asks a cluster. */
export function kubeconfigOption(): Option {
  return new Option('--kubeconfig <file>', "the cluster, and who asks it; kubectl's own where none is given")
}

/** `--context NAME` beside it. */
export function contextOption(): Option {
  return new Option('--context <name>', 'a context of the kubeconfig; the current one where none is given')
}

/** A cluster to ask. */
export interface Cluster {
  readonly api: ApplyingApi
  /** Where commands act that name no namespace. */
  readonly namespace: string
}

/** Logs in. What it takes is loaded only here, so that no other command waits for it. @throws LoginError */
export async function connect({ kubeconfig: file, context }: ClusterOptions): Promise<Cluster> {
  const [{ KubeconfigLogin }, { ApiClient }] = await Promise.all([
    import('../cluster/kubeconfig-login.ts'),
    import('../cluster/api-client.ts'),
  ])
  const login = await KubeconfigLogin.open({
    variable: kubeconfigVariable(),
    ...(file !== undefined && { file }),
    ...(context !== undefined && { context }),
  })
  return { api: new ApiClient(login, { version: version() }), namespace: login.namespace }
}

/** Waits for what a cluster says. @throws CommandError that says why it says nothing; what else went wrong as it is */
export async function ask<T>(question: Promise<T>): Promise<T> {
  try {
    return await question
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new CommandError(clusterProblem(error), { cause: error })
  }
}

/** Room for the longest name of a user and of a resource, twice. */
const MAX_SAID = 600

function clusterProblem({ status, message }: ApiError): string {
  const said = plainText(message, MAX_SAID)
  if (status === 403)
    return `the cluster refuses: ${said}. The ClusterRole tallyman-viewer lets one read TagPolicies, and view also namespaces`
  if (status === 401)
    return `the cluster does not know you: ${said}. Log in anew, or choose another --context`
  return said
}
