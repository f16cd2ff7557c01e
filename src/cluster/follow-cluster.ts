import type { ClusterView } from '../admission/cluster-view.ts'
import type { Api } from './api.ts'
import { ClusterPolicies, type ClusterPoliciesOptions } from './cluster-policies.ts'
import { isJudged } from './judged-namespaces.ts'
import { Previewer } from './previewer.ts'
import { mayList } from './subject-access.ts'

/** The policies of a cluster, and what admission has to know of it to speak about changes of them. */
export function followCluster(options: ClusterPoliciesOptions): {
  readonly policies: ClusterPolicies
  readonly cluster: ClusterView
} {
  const { api } = options
  const policies = new ClusterPolicies(options)
  return { policies, cluster: viewOf(policies, api) }
}

function viewOf(policies: ClusterPolicies, api: Api): ClusterView {
  const previewer = new Previewer(api, () => policies.policies.default.cluster.kinds)
  return {
    get policies() {
      return policies.policies
    },
    get namespaces() {
      return policies.namespaces
    },
    isJudged: (namespace) => isJudged(api, namespace),
    preview: (change) => previewer.preview(change),
    mayList: (user, place) => mayList(api, user, place),
  }
}
