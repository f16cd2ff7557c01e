import { CertificateError } from './pair.ts'
import type { CertificateListener } from './source.ts'

/** Tells a listener of a fault where it has become another. */
export class FaultNews {
  #told: string | undefined

  /** @param fault as it is now; undefined: none */
  tell(fault: string | undefined, listener: Pick<CertificateListener, 'faulty' | 'mended'>): void {
    if (fault === this.#told) return
    this.#told = fault
    if (fault === undefined) listener.mended()
    else listener.faulty(new CertificateError(fault))
  }
}
