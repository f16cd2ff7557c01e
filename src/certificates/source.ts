import type { CertificatePair } from './pair.ts'

/** Told of what happens to the certificate while tallyman runs. */
export interface CertificateListener {
  /** A new pair is to be served from now on. */
  changed(pair: CertificatePair): void
  /** A new pair was refused, or the files are gone: the last good pair stays. */
  refused(error: Error): void
}

/** Where the serving certificate comes from. */
export interface CertificateSource {
  /** The pair to serve. */
  readonly current: CertificatePair
  /** Follows changes until the signal aborts. */
  watch(listener: CertificateListener, signal: AbortSignal): Promise<void>
}
