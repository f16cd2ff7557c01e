/** An entry of the webhook configuration, as it was last seen. */
export interface TrustingEntry {
  /** `image-tags.tallyman.dev`. */
  readonly name: string
  /** Whether workloads come by it. By the others come changes of policies and namespaces, which always pass where a call fails. */
  readonly primary: boolean
  /** Where it says how to call, for messages: `ValidatingWebhookConfiguration tallyman: webhooks[NAME].clientConfig`. */
  readonly field: string
  /** The CAs that the API server trusts when it calls, PEM; empty where it has none. */
  readonly caBundle: string
  /** Where it leads, if not to our Service. */
  readonly elsewhere?: {
    /** `url`: perhaps to us after all, by ways that cannot be seen from here. */
    readonly by: 'url' | 'service'
    /** A sentence that names the object and the field. */
    readonly problem: string
  }
}

/** Is told in the same tick; must not throw. */
export interface FollowListener {
  /** What is seen has changed, or was read for the first time. */
  changed(): void
  /** It cannot be followed at the moment; what was seen last holds. Once for each new reason. @param what names it */
  lost(what: string, error: Error): void
  /** It is followed again. */
  recovered(what: string): void
}

/** Those who call, API servers, and what the webhook configuration tells them. */
export interface Callers {
  /** The name by which they call: `tallyman.tallyman.svc`. */
  readonly host: string
  /** The clock by which they judge certificates. */
  now(): Date
  /** The entries of the webhook configuration; none where there is no configuration. Before it was read: `unread`. */
  readonly entries: readonly TrustingEntry[] | 'unread'
  /** Follows the entries until the signal aborts. */
  follow(listener: FollowListener, signal: AbortSignal): Promise<void>
}

/** Callers whom we may tell whom to trust. */
export interface TrustingCallers extends Callers {
  /**
   * Has entries hold bundles.
   * @param bundles PEM, by the name of the entry; entries that are not named stay as they are
   * @returns false where somebody else was first @throws Error that says what to do
   */
  trust(bundles: ReadonlyMap<string, string>): Promise<boolean>
}
