import { plainText } from '../admission/plain-text.ts'
import { ApiError } from './api.ts'

/** What Node calls it, in words; whatever else may happen says it well enough itself. */
const FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection was cut',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of its host cannot be looked up just now',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to its host',
  ENETUNREACH: 'there is no way to its network',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by the CA of this login',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by the CA of this login',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not signed by the CA of this login',
  CERT_HAS_EXPIRED: 'its certificate has expired',
}

/** Beside the server's name, a clause of Node's or OpenSSL's. */
const SHOWN = 300

/** That an API server could not be reached, or that the connection to it broke. */
export function connectionFault(server: string, error: unknown): ApiError {
  const { code = '', message } = error as NodeJS.ErrnoException
  const why = FAULTS[code] ?? plainText(message || code || 'it cannot be reached', SHOWN)
  return new ApiError(`API server ${server}: ${why}`, 0, '', error)
}

/** @param seconds that it was given */
export function tooSlow(server: string, seconds: number): ApiError {
  return new ApiError(`API server ${server}: no answer within ${seconds} s`, 0, '')
}
