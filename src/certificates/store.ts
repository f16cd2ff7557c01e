import type { FollowListener } from './callers.ts'
import type { CertificateData } from './stored.ts'

/** What is kept, as it was last seen. */
export interface Kept {
  readonly data: Readonly<Record<string, string | undefined>>
  /** Changes with each write. */
  readonly version: string
  /** Why it may not be written: it is not ours. A sentence that names the object and the field. */
  readonly foreign?: string
}

/** Where managed certificates are kept, for all replicas. */
export interface CertificateStore {
  /** Where that is, for messages: `Secret tallyman/tallyman-certificate`. */
  readonly name: string
  /** What is kept; undefined: nothing. Before anything was read: `unread`. */
  readonly kept: Kept | undefined | 'unread'
  /** Writes over what was seen when it was decided what to write; undefined: over nothing. @returns false where somebody else was first @throws Error that says what to do */
  keep(data: CertificateData, over: Kept | undefined): Promise<boolean>
  /** Follows what is kept until the signal aborts. */
  follow(listener: FollowListener, signal: AbortSignal): Promise<void>
}
