import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { Mount } from '../files/mount.ts'
import { apiPath } from './api-path.ts'

const NAMESPACE = 'tallyman'

/** What a Pod has to log in with: a folder as the kubelet mounts it, and the variables that every Pod gets. */
export interface PodLogin {
  /** `token`, `ca.crt` and `namespace`. */
  readonly mount: Mount
  readonly env: Readonly<Record<string, string>>
}

/** Does for a service account of the namespace tallyman what the kubelet does for a Pod. */
export async function podLogin(controlPlane: ControlPlane, account: string): Promise<PodLogin> {
  const folder = join(controlPlane.folder, 'volumes', `serviceaccount-${account}`)
  await mkdir(folder, { recursive: true })
  const files = {
    token: await issueToken(controlPlane, account),
    'ca.crt': controlPlane.ca,
    namespace: NAMESPACE,
  }
  const { hostname, port } = new URL(controlPlane.server)
  return {
    mount: await Mount.at(folder, files),
    env: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
  }
}

/** A token for a service account of the namespace tallyman, as the kubelet asks for it. */
export async function issueToken({ admin }: ControlPlane, account: string): Promise<string> {
  const path = `${apiPath('v1', 'serviceaccounts', NAMESPACE)}/${account}/token`
  const issued = await admin.create(path, { spec: {} })
  expectSuccess(issued, `issuing a token for ${NAMESPACE}/${account}`)
  return (issued.body as { status: { token: string } }).status.token
}
