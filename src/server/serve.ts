import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { CertificateSource } from '../certificates/source.ts'
import type { PolicySource } from './policy-source.ts'

export interface ServeOptions {
  readonly policies: PolicySource
  readonly certificates: CertificateSource
  readonly webhook: ListenAddress & { readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' }
  readonly probe: ListenAddress
  readonly log: Logger
  /** Begins the drain; `closed` resolves at its end. */
  readonly signal: AbortSignal
  readonly now?: () => Date
}

export interface ListenAddress {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
}

/** A webhook that answers. */
export interface Serving {
  readonly webhook: AddressInfo
  readonly probe: AddressInfo
  /** Resolves when the drain has ended and every listener is closed. */
  readonly closed: Promise<void>
}

/** Starts everything that answers, and returns when it does. @throws where an address cannot be listened on */
export async function serve(options: ServeOptions): Promise<Serving> {
  throw new Error(`not written yet: ${options.webhook.port}`)
}
