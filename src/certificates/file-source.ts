import { type FileGroup, readGroup, watchFiles } from '../files/watched-files.ts'
import type { Callers } from './callers.ts'
import { FaultNews } from './fault-news.ts'
import { CertificateError, type CertificatePair, checkPair, unusable } from './pair.ts'
import { type Refusal, refusals } from './refusals.ts'
import type { CertificateListener, CertificateSource } from './source.ts'

export interface CertificateFilesOptions {
  /** Those who call, where they can be asked whether they take the certificate. */
  readonly callers?: Callers
  readonly now?: () => Date
}

/** What lies in the future shows by itself within so long: a CA in a bundle expires. */
const LOOK_MS = 60_000

/** A certificate and its key in two files, such as a mounted Secret of type kubernetes.io/tls. */
export class CertificateFiles implements CertificateSource {
  readonly kind = 'file'
  readonly now: () => Date
  readonly #certFile: string
  readonly #keyFile: string
  readonly #callers: Callers | undefined
  #hash: string
  #current: CertificatePair
  /** Why the files as they stand now are not served. */
  #refused: string | undefined
  /** The pair that callers took. */
  #taken: CertificatePair | undefined
  /** Whether what the callers are told cannot be read at the moment; that is no matter of the certificate's, and others tell of it. */
  #lost = false
  #found: { readonly for: readonly unknown[]; readonly refusals: readonly Refusal[] } | undefined
  readonly #news = new FaultNews()

  private constructor(
    certFile: string,
    keyFile: string,
    { callers, now = callers ? () => callers.now() : () => new Date() }: CertificateFilesOptions,
    group: FileGroup,
  ) {
    this.#certFile = certFile
    this.#keyFile = keyFile
    this.#callers = callers
    this.now = now
    this.#hash = group.hash
    this.#current = this.#check(group)
  }

  /**
   * Reads the pair. One that has expired is taken: readiness tells, and its successor is taken up the moment it is written,
   * where a process that refuses to start would wait out a back-off first.
   * @throws CertificateError where the files cannot be read or served
   */
  static async open(
    certFile: string,
    keyFile: string,
    options: CertificateFilesOptions = {},
  ): Promise<CertificateFiles> {
    let group: FileGroup
    try {
      group = await readGroup([certFile, keyFile])
    } catch (error) {
      throw unreadable(error as NodeJS.ErrnoException)
    }
    return new CertificateFiles(certFile, keyFile, options, group)
  }

  get current(): CertificatePair {
    return this.#current
  }

  get fault(): string | undefined {
    return this.#refused ?? this.#refusals()[0]?.problem
  }

  problem(): string | undefined {
    const invalid = unusable(this.#current, this.now())
    if (invalid !== undefined) return invalid
    // Where callers seem to take no more what they took, that is a fault and no more: all replicas would go at the same moment,
    // and where that were our mistake, nobody would be left to call.
    if (this.#taken === this.#current) return undefined
    // A rollout must not go on with what nobody takes. But without the right to read what the callers are told, tallyman judges
    // as well as ever.
    if (this.#callers?.entries === 'unread' && !this.#lost)
      return 'the webhook configuration has not been read yet'
    return this.#primaryRefusal()?.problem
  }

  async ready(): Promise<void> {}

  async watch(listener: CertificateListener, signal: AbortSignal): Promise<void> {
    await Promise.all([this.#watchFiles(listener, signal), this.#followCallers(listener, signal)])
  }

  async #watchFiles(listener: CertificateListener, signal: AbortSignal): Promise<void> {
    const paths = [this.#certFile, this.#keyFile]
    for await (const change of watchFiles(paths, { signal, known: this.#hash })) {
      try {
        if ('error' in change) throw unreadable(change.error)
        const pair = this.#check(change.group)
        this.#compare(pair)
        this.#refused = undefined
        this.#hash = change.group.hash
        this.#current = pair
        listener.changed(pair)
      } catch (error) {
        this.#refused = (error as Error).message
      }
      this.#look(listener)
    }
  }

  async #followCallers(listener: CertificateListener, signal: AbortSignal): Promise<void> {
    const look = () => this.#look(listener)
    const looking = setInterval(look, LOOK_MS)
    const lost = () => {
      this.#lost = true
    }
    const recovered = () => {
      this.#lost = false
    }
    try {
      await this.#callers?.follow({ changed: look, lost, recovered }, signal)
    } finally {
      clearInterval(looking)
    }
  }

  /** After a change: notes whether callers take what is served, and tells of the fault where it has become another. */
  #look(listener: CertificateListener): void {
    const { entries } = this.#callers ?? {}
    if (Array.isArray(entries) && this.#primaryRefusal() === undefined) this.#taken = this.#current
    this.#news.tell(this.fault, listener)
  }

  /** Why calls for workloads come here and fail. */
  #primaryRefusal(): Refusal | undefined {
    return this.#refusals().find(({ entry, calls }) => entry.primary && calls)
  }

  /** What keeps callers away. Readiness asks often, and a bundle can be long, so it is found out once for each change and minute. */
  #refusals(): readonly Refusal[] {
    const { entries, host = '' } = this.#callers ?? {}
    if (entries === undefined || entries === 'unread') return []
    const now = this.now()
    const key = [this.#current, entries, Math.floor(now.getTime() / LOOK_MS)]
    if (this.#found?.for.every((part, index) => part === key[index])) return this.#found.refusals
    const found = refusals(this.#current, entries, { host, now, name: this.#certFile })
    this.#found = { for: key, refusals: found }
    return found
  }

  #check({ contents: [certificate, key] }: FileGroup): CertificatePair {
    return checkPair(String(certificate), String(key), { certificate: this.#certFile, key: this.#keyFile })
  }

  /** An invalid pair must not replace a valid one: every API server would refuse it. Where neither is valid, the new one is no worse. */
  #compare(pair: CertificatePair): void {
    const now = this.now()
    const reason = unusable(pair, now)
    if (reason !== undefined && unusable(this.#current, now) === undefined) {
      throw new CertificateError(`${this.#certFile}: ${reason}, and the one in use is still valid`)
    }
  }
}

function unreadable(error: NodeJS.ErrnoException): CertificateError {
  const path = error.path ?? 'certificate'
  const why =
    error.code === 'ENOENT'
      ? 'there is no such file; tallyman certs --out DIR makes a certificate for development'
      : `cannot be read: ${error.message}`
  return new CertificateError(`${path}: ${why}`, { cause: error })
}
