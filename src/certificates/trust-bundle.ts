import { type Authority, bundleOf } from './authorities.ts'
import { readableCertificates } from './pem.ts'
import { isManagedAuthority } from './renew.ts'

/**
 * What an entry is to hold: our CAs, and after them what it holds of others. Who changes from an own certificate to ours, or
 * back, has both trusted for the time in which replicas serve either. A CA of ours that has retired is no other's. What holds
 * just these, in whatever order and with whatever else around them, stays as somebody wrote it.
 * @param held PEM, as it is now
 */
export function trustBundle(
  authorities: readonly Pick<Authority, 'certificate' | 'fingerprint'>[],
  held: string,
): string {
  const all = readableCertificates(held)
  const isHeld = ({ fingerprint }: Pick<Authority, 'fingerprint'>) =>
    all.some(({ fingerprint256 }) => fingerprint256 === fingerprint)
  const isOurs = ({ fingerprint256 }: { fingerprint256: string }) =>
    authorities.some(({ fingerprint }) => fingerprint256 === fingerprint)
  const rest = all.filter((certificate) => !isOurs(certificate))
  const others = rest.filter((certificate) => !isManagedAuthority(certificate))
  if (authorities.every(isHeld) && others.length === rest.length) return held
  return bundleOf([...authorities, ...others.map((certificate) => ({ certificate: certificate.toString() }))])
}
