import { type FileGroup, readGroup, watchFiles } from '../files/watched-files.ts'
import { CertificateError, type CertificatePair, checkPair, unusable } from './pair.ts'
import type { CertificateListener, CertificateSource } from './source.ts'

/** A certificate and its key in two files, such as a mounted Secret of type kubernetes.io/tls. */
export class CertificateFiles implements CertificateSource {
  readonly kind = 'file'
  readonly #certFile: string
  readonly #keyFile: string
  readonly #now: () => Date
  #hash: string
  #current: CertificatePair

  private constructor(certFile: string, keyFile: string, now: () => Date, group: FileGroup) {
    this.#certFile = certFile
    this.#keyFile = keyFile
    this.#now = now
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
    now: () => Date = () => new Date(),
  ): Promise<CertificateFiles> {
    let group: FileGroup
    try {
      group = await readGroup([certFile, keyFile])
    } catch (error) {
      throw unreadable(error as NodeJS.ErrnoException)
    }
    return new CertificateFiles(certFile, keyFile, now, group)
  }

  get current(): CertificatePair {
    return this.#current
  }

  problem(): string | undefined {
    return unusable(this.#current, this.#now())
  }

  async ready(): Promise<void> {}

  async watch(listener: CertificateListener, signal: AbortSignal): Promise<void> {
    const paths = [this.#certFile, this.#keyFile]
    for await (const change of watchFiles(paths, { signal, known: this.#hash })) {
      if ('error' in change) {
        listener.refused(unreadable(change.error))
        continue
      }
      let pair: CertificatePair
      try {
        pair = this.#check(change.group)
        this.#compare(pair)
      } catch (error) {
        listener.refused(error as Error)
        continue
      }
      this.#hash = change.group.hash
      this.#current = pair
      listener.changed(pair)
    }
  }

  #check({ contents: [certificate, key] }: FileGroup): CertificatePair {
    return checkPair(String(certificate), String(key), { certificate: this.#certFile, key: this.#keyFile })
  }

  /** An invalid pair must not replace a valid one: every API server would refuse it. Where neither is valid, the new one is no worse. */
  #compare(pair: CertificatePair): void {
    const now = this.#now()
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
