import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { BodyBudget } from './body-budget.ts'
import { MAX_BODY_BYTES, MAX_DISCARDED_BYTES, MAX_VALUES } from './bounds.ts'
import { hasMoreValues } from './json-values.ts'
import { Refusal } from './refusal.ts'

/** A body that has arrived: parsed JSON, or why it cannot be judged. */
export interface Received {
  readonly content: { readonly value: unknown } | Refusal
  /** When its headers had arrived, on the clock of `performance.now()`. */
  readonly startedAt: number
  /** The body is no longer needed. Must be called once the answer is known. */
  release(): void
}

/** Reads and parses the body of a request within the bounds. Calls back exactly once, also where the client goes away. */
export function readReviewBody(
  request: IncomingMessage,
  budget: BodyBudget,
  done: (received: Received) => void,
): void {
  const startedAt = performance.now()
  const announced = Number(request.headers['content-length'])
  if (announced > MAX_BODY_BYTES + MAX_DISCARDED_BYTES) {
    done({ content: Refusal.tooLarge, startedAt, release() {} })
    return
  }
  const chunks: Buffer[] = []
  let size = 0
  let tooLarge = announced > MAX_BODY_BYTES
  const account = budget.open(request, announced)

  const finish = (content: Received['content']): void => {
    request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
    account.complete()
    done({ content, startedAt, release: account.release })
  }
  const onData = (chunk: Buffer): void => {
    size += chunk.length
    if (size <= MAX_BODY_BYTES && !tooLarge) {
      chunks.push(chunk)
      account.add(chunk.length)
      return
    }
    tooLarge = true
    chunks.length = 0
    account.release()
    if (size <= MAX_BODY_BYTES + MAX_DISCARDED_BYTES) return
    finish(Refusal.tooLarge)
    request.resume()
  }
  const onEnd = (): void => finish(tooLarge ? Refusal.tooLarge : parse(chunks, size))
  const onGone = (): void => {
    chunks.length = 0
    finish(Refusal.aborted)
  }
  request.on('end', onEnd).on('error', onGone).on('close', onGone).on('data', onData)
}

function parse(chunks: Buffer[], size: number): Received['content'] {
  const [first] = chunks
  if (first === undefined) return Refusal.empty
  const body = chunks.length === 1 ? first : Buffer.concat(chunks, size)
  chunks.length = 0
  if (!isUtf8(body)) return Refusal.badUtf8
  if (hasMoreValues(body, MAX_VALUES)) return Refusal.tooManyValues
  try {
    // A key `__proto__` becomes an own property like any other here; the object is only read, never merged into another.
    return { value: JSON.parse(body.toString('utf8')) }
  } catch (error) {
    return Refusal.badJson(error as Error)
  }
}
