import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'

export const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url))
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Any Kubernetes object; tests reach into it and fail where it is not as they say. */
// biome-ignore lint/suspicious/noExplicitAny: manifests are read as they stand
export type Manifest = any

/** The objects of a YAML text. */
export function objects(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS())
}

/** The objects of a file under deploy/. */
export function manifest(path: string): Manifest[] {
  return objects(readFileSync(join(DEPLOY, path), 'utf8'))
}

/** The object of a kind and a name; fails later where there is none. */
export function find(all: readonly Manifest[], kind: string, name = 'tallyman'): Manifest {
  return all.find((it) => it.kind === kind && it.metadata.name === name)
}

/** The kinds of some objects, sorted, each as often as it is there. */
export function kindsOf(all: readonly Manifest[]): string[] {
  return all.map(({ kind }) => kind).sort()
}

/** A volume of tallyman's Deployment. */
export function volume(all: readonly Manifest[], name: string): Manifest {
  const { volumes } = find(all, 'Deployment').spec.template.spec
  return volumes.find((it: Manifest) => it.name === name)
}

/** kustomize breaks long base64 into lines; the API server's decoder (Go's encoding/base64) skips the breaks, as this one. */
export function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString()
}

/** The certificate files of the copies: kustomize reads no certificates, so any text as long as one will do. */
export const CERTIFICATES = {
  'ca.crt': 'the CA\n'.repeat(100),
  'tls.crt': 'the certificate\n'.repeat(100),
  'tls.key': 'the key\n'.repeat(100),
}

/** Copies deploy/ into a folder and puts certificate files where the overlays want them. */
export function copyOfDeploy(folder: string): string {
  const copy = join(folder, 'deploy')
  cpSync(DEPLOY, copy, { recursive: true, filter: (path) => !path.endsWith('/certs') })
  for (const overlay of ['own-certificate', 'local']) {
    const certs = join(copy, 'overlays', overlay, 'certs')
    mkdirSync(certs)
    for (const [name, text] of Object.entries(CERTIFICATES)) writeFileSync(join(certs, name), text)
  }
  return copy
}

const run = promisify(execFile)

/** Whether kubectl can render kustomizations here; a reason to skip, or false. */
export async function noKubectl(): Promise<string | false> {
  try {
    await run('kubectl', ['kustomize', '--help'])
    return false
  } catch {
    return 'kubectl is not installed: the overlays are not rendered'
  }
}

/** Renders a kustomization, with the kubectl of the PATH where no other is named. */
export async function kustomize(folder: string, kubectl = 'kubectl'): Promise<Manifest[]> {
  const { stdout } = await run(kubectl, ['kustomize', folder], { maxBuffer: 16 * 1024 * 1024 })
  return objects(stdout)
}
