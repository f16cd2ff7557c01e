import type { Agent } from 'node:https'
import type { ConnectionOptions } from 'node:tls'

/** The way into a cluster: where its API server is, by what it is known, and as whom it is spoken to. */
export interface Login {
  /** `https://10.96.0.1:443`, where need be with a path; no slash at its end. */
  readonly server: string
  readonly tls: Pick<
    ConnectionOptions,
    'ca' | 'cert' | 'key' | 'passphrase' | 'servername' | 'rejectUnauthorized'
  >
  /** Makes the connections, where a kubeconfig names a proxy to go through. */
  readonly agent?: Agent
  /** Where a command acts that names no namespace. */
  readonly namespace: string
  /** The headers that say who is speaking, to be asked for anew for each request. @throws LoginError */
  headers(): Promise<Readonly<Record<string, string>>>
  /** The API server did not accept the last headers (401): none of what they came from is to be used again. */
  refused(): void
}

/** What is missing for a login, or makes no sense; the message is for whoever runs tallyman. */
export class LoginError extends Error {
  override name = 'LoginError'
}

/** Why a file could not be read, a clause that stands behind its name. */
export function fileFault(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'no permission to read it'
  return `cannot be read: ${message}`
}
