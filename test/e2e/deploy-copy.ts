import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { writeCertificates } from '../../src/certificates/write.ts'

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url))

/** By which the API server calls: the Service of deploy/base, or an address for the overlay local. */
const HOSTS = ['tallyman.tallyman.svc', 'tallyman.tallyman.svc.cluster.local', '127.0.0.1']

/** Those of deploy/overlays that install all of tallyman. */
export type Overlay = 'managed' | 'own-certificate'

/** Those of deploy/components. */
export type Component =
  | 'dashboard'
  | 'events'
  | 'fail-closed'
  | 'monitoring'
  | 'policy-file'
  | 'preview'
  | 'runbook-url'

/**
 * Copies deploy/ and puts a new certificate where the overlays own-certificate and local want one.
 * @param policy takes the place of the one of the component policy-file
 */
export async function copyDeploy(
  to: string,
  { policy }: { policy?: string | undefined } = {},
): Promise<void> {
  await cp(DEPLOY, to, { recursive: true, filter: (path) => !path.endsWith('/certs') })
  const certificates = await developmentCertificates(HOSTS)
  for (const overlay of ['own-certificate', 'local']) {
    await writeCertificates(join(to, 'overlays', overlay, 'certs'), certificates)
  }
  if (policy !== undefined) await writeFile(join(to, POLICY_FILE), policy)
}

/** The policy of the component policy-file, in a copy of deploy/. */
export const POLICY_FILE = 'components/policy-file/policy.yaml'

/**
 * Adds a kustomization of the kind that the components tell their users to write.
 * @returns its folder; the overlay's own without components
 */
export async function overlayWith(
  deploy: string,
  overlay: string,
  components: readonly Component[],
): Promise<string> {
  if (components.length === 0) return join(deploy, 'overlays', overlay)
  const folder = join(deploy, [overlay, ...components].join('-with-'))
  const kustomization = {
    resources: [`../overlays/${overlay}`],
    components: components.map((name) => `../components/${name}`),
  }
  await mkdir(folder)
  await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization))
  return folder
}
