import type { Subject } from './authority.ts'
import type { ControllerIdentity } from './controller-manager.ts'

/** The namespace that the job submitter is bound to. */
export const SUBMITTER_NAMESPACE = 'team-a'

/** Somebody who uses the cluster: with a client certificate and a kubeconfig named after them. */
export interface User extends Subject {
  /** Where their commands act that name no namespace. */
  readonly namespace?: string
  /** What they are, for the list that `make cluster` prints. */
  readonly about: string
}

/** The three people of the design. */
export const USERS = {
  admin: { name: 'admin', groups: ['system:masters'], about: 'may do everything' },
  submitter: {
    name: 'submitter',
    groups: ['submitters'],
    namespace: SUBMITTER_NAMESPACE,
    about: `may edit workloads in the namespace ${SUBMITTER_NAMESPACE}, and nothing else`,
  },
  'policy-owner': {
    name: 'policy-owner',
    groups: ['policy-owners'],
    about: 'may read workloads and namespaces everywhere, and edit TagPolicies',
  },
} as const satisfies Record<string, User>

export type UserName = keyof typeof USERS

/** It is among what deploy/ installs; until then it gives no right. */
const POLICY_OWNER_ROLE = 'tallyman-policy-owner'

/** The controllers' own user, as kubeadm names it. */
export const CONTROLLER_MANAGER: Subject = { name: 'system:kube-controller-manager' }

/** An object to create, at a path of the API, that gives somebody a role. */
export interface Grant {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1'
const API_GROUP = 'rbac.authorization.k8s.io'

/**
 * The roles of the users.
 *
 * `edit` and `view` are created empty and filled in by a controller; where none runs, the parts that they are put
 * together from are bound instead. Controllers that all act as one user have to be given what the API server grants
 * to each one's service account; such clusters give that user everything.
 */
export function grants(controllers: ControllerIdentity | 'none'): Grant[] {
  const aggregated = controllers !== 'none'
  const edit = aggregated ? ['edit'] : ['system:aggregate-to-edit', 'system:aggregate-to-view']
  const view = aggregated ? ['view'] : ['system:aggregate-to-view']
  return [
    ...edit.map((role) => bindInNamespace(SUBMITTER_NAMESPACE, 'submitter', role)),
    ...view.map((role) => bindInCluster('policy-owner', role)),
    bindInCluster('policy-owner', POLICY_OWNER_ROLE),
    ...(controllers === 'one-user' ? [bindInCluster(CONTROLLER_MANAGER.name, 'cluster-admin')] : []),
  ]
}

function bindInNamespace(namespace: string, user: string, role: string): Grant {
  return {
    path: `${RBAC}/namespaces/${namespace}/rolebindings`,
    body: { ...binding('RoleBinding', user, role), metadata: { name: bindingName(user, role), namespace } },
  }
}

function bindInCluster(user: string, role: string): Grant {
  return {
    path: `${RBAC}/clusterrolebindings`,
    body: { ...binding('ClusterRoleBinding', user, role), metadata: { name: bindingName(user, role) } },
  }
}

function binding(kind: string, name: string, role: string): Record<string, unknown> {
  return {
    apiVersion: `${API_GROUP}/v1`,
    kind,
    roleRef: { apiGroup: API_GROUP, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: API_GROUP, kind: 'User', name }],
  }
}

function bindingName(user: string, role: string): string {
  return `${user}-${role}`.replaceAll(':', '-')
}
