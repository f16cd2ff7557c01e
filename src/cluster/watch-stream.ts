import { isStatus, MAX_ANSWER_BYTES, statusError } from './answer.ts'
import { ApiError, type WatchEvent } from './api.ts'

const NEWLINE = 0x0a
const TYPES: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'])

/**
 * Reads the events of a watch: one JSON object a line. Lines are cut as bytes, so that a character may be spread over
 * chunks; a last line without its end is one in which the connection ended, and is nothing.
 * @throws ApiError of an ERROR event; with status 200 where a line makes no sense or is longer than an answer may be
 */
export async function* watchEvents(
  chunks: AsyncIterable<Buffer>,
  maxLineBytes: number = MAX_ANSWER_BYTES,
): AsyncGenerator<WatchEvent, void, undefined> {
  let begun: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...begun, chunk.subarray(from, end)])
      from = end + 1
      begun = []
      size = 0
      if (line.length > 0) yield eventOf(line.toString('utf8'))
    }
    size += chunk.length - from
    if (size > maxLineBytes) throw senseless(`an event has more than ${maxLineBytes} bytes`)
    if (from < chunk.length) begun.push(chunk.subarray(from))
  }
}

function eventOf(line: string): WatchEvent {
  let event: Partial<Record<'type' | 'object', unknown>> | null
  try {
    event = JSON.parse(line)
  } catch (error) {
    throw senseless('an event is no JSON', error)
  }
  const { type, object } = event ?? {}
  if (type === 'ERROR' && isStatus(object)) throw statusError(object, 500)
  if (!TYPES.has(type) || typeof object !== 'object' || object === null)
    throw senseless('an event has no known type, or no object')
  return { type, object } as WatchEvent
}

function senseless(what: string, cause?: unknown): ApiError {
  return new ApiError(`The watch makes no sense: ${what}`, 200, '', cause)
}
