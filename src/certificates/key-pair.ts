/** A certificate and its private key, both PEM (the key PKCS #8). */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}
