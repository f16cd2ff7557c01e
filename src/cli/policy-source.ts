import type { ClusterView } from '../admission/cluster-view.ts'
import { builtInPolicy } from '../policy/built-in.ts'
import type { Mode } from '../policy/mode.ts'
import { withMode } from '../policy/with-mode.ts'
import { fixedPolicy, type PolicySource } from '../server/policy-source.ts'
import type { Cluster } from './cluster-option.ts'

/** Where `serve` takes its policies from. */
export interface PolicySourceOptions {
  readonly policy?: string
  readonly mode?: Mode
}

/** Policies, and the cluster that they come from. */
export interface Source {
  readonly policies: PolicySource
  /** Set where changes of policies and namespaces can be spoken about. */
  readonly cluster?: ClusterView
}

/** A file, where one is named; else the cluster, where there is one; else the built-in policy. @throws PolicyError */
export async function policySource(
  { policy: file, mode }: PolicySourceOptions,
  cluster: Cluster | undefined,
): Promise<Source> {
  if (file !== undefined) {
    const { PolicyFile } = await import('../files/policy-file.ts')
    return { policies: await PolicyFile.open(file, { mode }) }
  }
  if (cluster === undefined) {
    const policy = builtInPolicy()
    return { policies: fixedPolicy(mode === undefined ? policy : withMode(policy, mode)) }
  }
  const { followCluster } = await import('../cluster/follow-cluster.ts')
  return followCluster({ api: cluster.api, mode })
}
