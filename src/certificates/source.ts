import type { CertificatePair } from './pair.ts'

/** Told of what happens to the certificate while tallyman runs. */
export interface CertificateListener {
  /** A new pair is to be served from now on. */
  changed(pair: CertificatePair): void
  /** Something is not in order: see `fault`. What is served stays. Once for each new reason. */
  faulty(error: Error): void
  /** All is in order again. */
  mended(): void
}

/** Where the serving certificate comes from. */
export interface CertificateSource {
  /** `file` or `managed`, for metrics. */
  readonly kind: 'file' | 'managed'
  /** The pair to serve; undefined before the source is ready for the first time. */
  readonly current: CertificatePair | undefined
  /** The clock by which certificates are judged: that of those who call, where it is known. */
  now(): Date
  /**
   * What is not in order now, though what is served may be fine for long: a new pair was refused or could not be made, the
   * files are gone, an entry trusts another CA.
   */
  readonly fault: string | undefined
  /** Why API servers cannot call with it now; undefined where they can. */
  problem(): string | undefined
  /** Resolves when there is a pair, or when the signal aborts. */
  ready(signal: AbortSignal): Promise<void>
  /** Follows changes until the signal aborts. */
  watch(listener: CertificateListener, signal: AbortSignal): Promise<void>
}
