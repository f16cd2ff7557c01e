import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { writeCertificates } from '../../src/certificates/write.ts'

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url))

/** By which the API server calls: the Service of deploy/base, or an address for the overlay local. */
const HOSTS = ['tallyman.tallyman.svc', 'tallyman.tallyman.svc.cluster.local', '127.0.0.1']

/**
 * Copies deploy/ and puts a new certificate where the overlays own-certificate and local want one.
 * @param policy takes the place of base/policy.yaml
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
  if (policy !== undefined) await writeFile(join(to, 'base/policy.yaml'), policy)
}

/**
 * Adds a kustomization of the kind that the component fail-closed tells its users to write.
 * @returns its folder
 */
export async function failClosedOver(deploy: string, overlay: string): Promise<string> {
  const folder = join(deploy, `fail-closed-${overlay}`)
  const kustomization = { resources: [`../overlays/${overlay}`], components: ['../components/fail-closed'] }
  await mkdir(folder)
  await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization))
  return folder
}
