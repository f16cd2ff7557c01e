import { X509Certificate } from 'node:crypto'

/** As Go reads it (encoding/pem): begin and end have lines of their own, so that two files joined without a line's end hold none. */
const CERTIFICATE = /^-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----[ \t\r]*$/gm

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
