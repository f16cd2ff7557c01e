import type { CertificatePair } from './pair.ts'

/** Told of what happens to the certificate while tallyman runs. */
export interface CertificateListener {
  /** A new pair is to be served from now on. */
  changed(pair: CertificatePair): void
  /** A new pair was refused, could not be made, or the files are gone: the last good pair stays. Once for each new reason. */
  refused(error: Error): void
  /** What was refused is mended, and the pair that is served is the newest. */
  mended(): void
}

/** Where the serving certificate comes from. */
export interface CertificateSource {
  /** `file` or `managed`, for metrics. */
  readonly kind: 'file' | 'managed'
  /** The pair to serve; undefined before the source is ready for the first time. */
  readonly current: CertificatePair | undefined
  /** Why API servers cannot call with it now; undefined where they can. */
  problem(): string | undefined
  /** Resolves when there is a pair, or when the signal aborts. */
  ready(signal: AbortSignal): Promise<void>
  /** Follows changes until the signal aborts. */
  watch(listener: CertificateListener, signal: AbortSignal): Promise<void>
}
