import type { Test } from 'tap'
import { ApiClient } from '../control-plane/api-client.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { apiPath } from './api-path.ts'

/** A service account that has logged in with its token, as a program in a Pod does. */
export interface ServiceAccount {
  /** `system:serviceaccount:NAMESPACE:NAME` */
  readonly username: string
  readonly client: ApiClient
}

const RBAC = 'rbac.authorization.k8s.io'

/**
 * Makes a service account, and its namespace where it is missing, that may do anything with workloads in all namespaces,
 * as operators may that are installed for a cluster.
 */
export async function serviceAccount(
  t: Test,
  controlPlane: ControlPlane,
  namespace: string,
  name: string,
): Promise<ServiceAccount> {
  const { admin } = controlPlane
  await controlPlane.createNamespace(namespace)
  const accounts = apiPath('v1', 'serviceaccounts', namespace)
  expectSuccess(await admin.create(accounts, { metadata: { name } }), `creating ${namespace}/${name}`)
  const rule = { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'create', 'patch', 'update', 'delete'] }
  const role = { metadata: { name: `${namespace}:${name}` }, rules: [rule] }
  expectSuccess(await admin.create(apiPath(`${RBAC}/v1`, 'clusterroles'), role), 'creating its role')
  const binding = {
    metadata: { name: `${namespace}:${name}` },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role.metadata.name },
    subjects: [{ kind: 'ServiceAccount', namespace, name }],
  }
  expectSuccess(await admin.create(apiPath(`${RBAC}/v1`, 'clusterrolebindings'), binding), 'binding its role')
  const issued = await admin.create(`${accounts}/${name}/token`, { spec: {} })
  expectSuccess(issued, `issuing a token for ${namespace}/${name}`)
  const { token } = (issued.body as { status: { token: string } }).status
  const client = new ApiClient(controlPlane.server, controlPlane.ca, { token })
  t.teardown(() => client.close())
  return { username: `system:serviceaccount:${namespace}:${name}`, client }
}
