import { type IncomingMessage, STATUS_CODES } from 'node:http'
import { plainText } from '../admission/plain-text.ts'
import { ApiError } from './api.ts'

/**
 * A list in one answer, or an object. etcd takes an object of 1.5 MiB, which JSON with `<` written as six bytes makes 9 MiB at
 * the worst; an answer that comes near this takes about six times as much memory while it is read.
 */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/** A Status has a few hundred bytes; what a proxy answers instead may be a page. */
const MAX_REFUSAL_BYTES = 64 * 1024

/** Of a message: the API server's own hold up to a few hundred characters, an admission webhook's some thousand. */
const SHOWN = 2_000
/** Of what is no Status, such as a proxy's page. */
const SHOWN_TEXT = 200

/** The answer was longer than it may be, and was not read to its end. */
export class AnswerTooLong extends ApiError {
  constructor(path: string) {
    super(`${path}: the answer has more than ${MAX_ANSWER_BYTES} bytes`, 200, '')
  }
}

/** Reads an answer of status 2xx. @param path for the message @throws ApiError where it is another status, or no JSON */
export async function answered(response: IncomingMessage, path: string): Promise<unknown> {
  const status = response.statusCode ?? 0
  if (status < 200 || status > 299) throw await refusal(response, path)
  const { text, cut } = await body(response, MAX_ANSWER_BYTES)
  if (cut) throw new AnswerTooLong(path)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ApiError(`${path}: the answer is no JSON: ${shown(text)}`, status, '', error)
  }
}

/** What an answer of another status says. */
export async function refusal(response: IncomingMessage, path: string): Promise<ApiError> {
  const { statusCode = 0 } = response
  const { text } = await body(response, MAX_REFUSAL_BYTES)
  const status = parsed(text)
  if (isStatus(status)) return statusError(status, statusCode)
  return new ApiError(
    `${path}: ${statusCode} ${STATUS_CODES[statusCode] ?? ''}: ${shown(text)}`,
    statusCode,
    '',
  )
}

interface Status {
  readonly kind: 'Status'
  readonly message?: string
  readonly reason?: string
  readonly code?: number
}

export function isStatus(value: unknown): value is Status {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'Status'
}

/** @param code of the answer, where the Status has none */
export function statusError({ message, reason, code }: Status, otherwise: number): ApiError {
  const status = typeof code === 'number' ? code : otherwise
  const why = typeof reason === 'string' ? reason : ''
  const said = typeof message === 'string' && message !== '' ? message : `${status} ${why}`.trim()
  return new ApiError(plainText(said, SHOWN), status, plainText(why, SHOWN_TEXT))
}

/** Reads no more than it may, and ends the connection where there is more. */
async function body(response: IncomingMessage, max: number): Promise<{ text: string; cut: boolean }> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > max) break
  }
  return { text: Buffer.concat(chunks).toString('utf8'), cut: size > max }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function shown(text: string): string {
  return plainText(text.trim().replaceAll(/\s+/g, ' '), SHOWN_TEXT)
}
