import type { CertificateData } from './stored.ts'

/** What is kept, as it was last seen. */
export interface Kept {
  readonly data: Readonly<Record<string, string | undefined>>
  /** Changes with each write. */
  readonly version: string
  /** Why it may not be written: it is not ours. A sentence that names the object and the field. */
  readonly foreign?: string
}

/** An entry of the webhook configuration, as it was last seen. */
export interface TrustingEntry {
  /** `image-tags.tallyman.dev`. */
  readonly name: string
  /** The CAs that the API server trusts when it calls, PEM; empty where it has none. */
  readonly caBundle: string
  /** Why it is not ours to change: it leads elsewhere. A sentence that names the object and the field. */
  readonly foreign?: string
}

/** Is told in the same tick; must not throw. */
export interface StoreListener {
  /** What is seen has changed, or was read for the first time. */
  changed(): void
  /** It cannot be followed at the moment. What was seen last holds. */
  failed(error: Error): void
}

/** Where managed certificates are kept, for all replicas, and where those who call are told whom to trust. */
export interface CertificateStore {
  /** Where they are kept, for messages: `Secret tallyman/tallyman-certificate`. */
  readonly name: string
  /** The clock by which certificates are judged: that of those who call. */
  now(): Date
  /** What is kept; undefined: nothing. Before anything was read: `unread`. */
  readonly kept: Kept | undefined | 'unread'
  /** The entries of the webhook configuration; none where there is no configuration. Before it was read: `unread`. */
  readonly entries: readonly TrustingEntry[] | 'unread'
  /** Writes over what was seen when it was decided what to write; undefined: over nothing. @returns false where somebody else was first @throws Error that says what to do */
  keep(data: CertificateData, over: Kept | undefined): Promise<boolean>
  /** Has all entries that are ours trust some CAs. @returns false where somebody else was first @throws Error that says what to do */
  trust(bundle: string): Promise<boolean>
  /** Follows both until the signal aborts. */
  follow(listener: StoreListener, signal: AbortSignal): Promise<void>
}
