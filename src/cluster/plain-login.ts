import { readFile } from 'node:fs/promises'
import type { Kubeconfig } from './kubeconfig-files.ts'
import { type Login, LoginError } from './login.ts'

/** What a plain login is made of; with anything else in it, a kubeconfig is for `@kubernetes/client-node` to read. */
const PLAIN: ReadonlySet<string> = new Set([
  'server',
  'certificate-authority',
  'certificate-authority-data',
  'insecure-skip-tls-verify',
  'tls-server-name',
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
  'token',
  'extensions',
])

/**
 * The login of a context that needs no more than certificates and a token, as kubeadm, kind and k3s write them; undefined for
 * any other (a credential plugin, an identity provider, a proxy, somebody to impersonate), and for one that makes no sense.
 *
 * The package that reads those takes 0.8 s and 65 MB, which is half of what a preview of 150,000 Pods may take.
 */
export async function plainLogin(files: Kubeconfig, context: string): Promise<Login | undefined> {
  const named = fieldsOf(files.contexts, context, 'context')
  const cluster = named && fieldsOf(files.clusters, named.cluster, 'cluster')
  const user = named && fieldsOf(files.users, named.user, 'user')
  if (cluster === undefined || user === undefined) return undefined
  if (![...Object.keys(cluster), ...Object.keys(user)].every((key) => PLAIN.has(key))) return undefined
  const { server, 'tls-server-name': servername, 'insecure-skip-tls-verify': insecure } = cluster
  const { token } = user
  if (typeof server !== 'string' || !URL.canParse(server) || new URL(server).protocol !== 'https:')
    return undefined
  const from = files.from
  const ca = await material(cluster, 'certificate-authority', from)
  const cert = await material(user, 'client-certificate', from)
  const key = await material(user, 'client-key', from)
  const headers: Record<string, string> =
    typeof token === 'string' && token !== '' ? { Authorization: `Bearer ${token}` } : {}
  return {
    server: server.replace(/\/+$/, ''),
    tls: {
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(typeof servername === 'string' && servername !== '' && { servername }),
      ...(insecure === true && { rejectUnauthorized: false }),
    },
    namespace: typeof named?.namespace === 'string' && named.namespace !== '' ? named.namespace : 'default',
    headers: async () => headers,
    // What is written in a file does not change by being refused.
    refused: () => {},
  }
}

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(entries: readonly Fields[], name: unknown, key: string): Fields | undefined {
  const fields = entries.find((entry) => entry.name === name)?.[key]
  return typeof fields === 'object' && fields !== null ? (fields as Fields) : undefined
}

/** A certificate or key, from its data or, where there is none, from its file. */
async function material(fields: Fields, name: string, from: string): Promise<Buffer | undefined> {
  const data = fields[`${name}-data`]
  if (typeof data === 'string' && data !== '') return Buffer.from(data, 'base64')
  const file = fields[name]
  if (typeof file !== 'string' || file === '') return undefined
  try {
    return await readFile(file)
  } catch (error) {
    throw new LoginError(`${from}: ${(error as Error).message}`, { cause: error })
  }
}
