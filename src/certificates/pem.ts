import { X509Certificate } from 'node:crypto'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/** The PEM blocks of the certificates in a text, in their order. */
export function certificateBlocks(text: string): readonly string[] {
  return text.match(CERTIFICATE) ?? []
}

/** The certificates in a text that can be read, in their order; what cannot be read is passed over, as Go does it. */
export function readableCertificates(text: string): readonly X509Certificate[] {
  return certificateBlocks(text).flatMap((block) => {
    try {
      return new X509Certificate(block)
    } catch {
      return []
    }
  })
}
