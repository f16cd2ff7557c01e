import { type Authority, bundleOf } from './authorities.ts'
import { certificateBlocks, readableCertificates } from './pem.ts'
import { isManagedAuthority } from './renew.ts'

/**
 * What an entry is to hold: our CAs, and after them what it holds of others. Who changes from an own certificate to ours, or
 * back, has both trusted for the time in which replicas serve either. A CA of ours that has retired is no other's.
 * @param held PEM, as it is now
 */
export function trustBundle(authorities: readonly Pick<Authority, 'certificate'>[], held: string): string {
  const ours = bundleOf(authorities)
  const others = certificateBlocks(held).filter((block) => {
    const [certificate] = readableCertificates(block)
    return certificate !== undefined && !isManagedAuthority(certificate)
  })
  return ours + bundleOf(others.map((certificate) => ({ certificate })))
}
