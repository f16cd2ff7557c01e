import { plainText } from '../admission/plain-text.ts'
import { HEADERS_TIMEOUT_MS, MAX_BODY_BYTES, MAX_VALUES, REQUEST_TIMEOUT_MS } from './bounds.ts'

/** How much of what a client sent is quoted back. */
const MAX_QUOTED = 256

/** Why a request got no verdict, as the metric names it. */
export type RefusalReason =
  | 'aborted'
  | 'bad_http'
  | 'bad_json'
  | 'bad_review'
  | 'bad_utf8'
  | 'content_type'
  | 'empty'
  | 'fault'
  | 'header_size'
  | 'method'
  | 'path'
  | 'timeout'
  | 'too_large'
  | 'too_many_values'

/**
 * An answer that is no verdict. The text is for the person who reads the API server's log or a `curl`; it is plain text, because
 * the API server shows only plain text. There is never a Retry-After: the API server would sleep and try again.
 */
export class Refusal {
  readonly status: number
  readonly reason: RefusalReason
  readonly text: string

  private constructor(status: number, reason: RefusalReason, text: string) {
    this.status = status
    this.reason = reason
    this.text = text
  }

  static readonly empty = new Refusal(
    400,
    'empty',
    'the request has no body; send an AdmissionReview of admission.k8s.io/v1 as JSON',
  )

  static readonly badUtf8 = new Refusal(400, 'bad_utf8', 'the body is not UTF-8, so it is not JSON')

  static badJson(error: Error): Refusal {
    return new Refusal(400, 'bad_json', `the body is not JSON: ${plainText(error.message, MAX_QUOTED)}`)
  }

  /** @param message says what is missing or wrong */
  static badReview(message: string): Refusal {
    return new Refusal(400, 'bad_review', plainText(message, 1024))
  }

  static contentType(found: string | undefined): Refusal {
    const has =
      found === undefined
        ? 'the request has no Content-Type'
        : `the Content-Type is ${plainText(found, MAX_QUOTED)}`
    return new Refusal(415, 'content_type', `${has}; send an AdmissionReview as application/json`)
  }

  /** @param path the one that was asked, of ours */
  static method(method: string, path: string): Refusal {
    return new Refusal(
      405,
      'method',
      `${plainText(method, MAX_QUOTED)} is not for ${path}; POST an AdmissionReview to it`,
    )
  }

  static path(url: string): Refusal {
    return new Refusal(
      404,
      'path',
      `there is nothing at ${plainText(url, MAX_QUOTED)}; POST an AdmissionReview to /validate`,
    )
  }

  static readonly tooLarge = new Refusal(
    413,
    'too_large',
    `the body is larger than ${MAX_BODY_BYTES} bytes, more than an AdmissionReview of the largest object that etcd stores`,
  )

  static readonly tooManyValues = new Refusal(
    413,
    'too_many_values',
    `the body holds more than ${MAX_VALUES} values, more than an AdmissionReview of the largest object that etcd stores`,
  )

  static readonly headerSize = new Refusal(431, 'header_size', 'the headers are larger than 16 KiB')

  static readonly badHttp = new Refusal(400, 'bad_http', 'this is not a request of HTTP/1.1')

  /** Node does not say which of the two ran out. */
  static readonly timeout = new Refusal(
    408,
    'timeout',
    `the request did not arrive in time: its headers have ${HEADERS_TIMEOUT_MS / 1000} seconds, all of it has ${REQUEST_TIMEOUT_MS / 1000}`,
  )

  /** Nobody reads it: the client is gone. */
  static readonly aborted = new Refusal(400, 'aborted', 'the connection ended before the request did')

  /** A fault of our own. */
  static fault(uid: string | undefined): Refusal {
    const which = uid === undefined ? 'this request' : `the request with the uid ${plainText(uid, 64)}`
    return new Refusal(500, 'fault', `tallyman could not judge ${which}; its log says why`)
  }
}
