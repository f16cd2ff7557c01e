import { ApiError } from './api.ts'

/**
 * Writes an object that others may write too.
 * @param what names it, for messages
 * @returns false where somebody else was first, or it is gone meanwhile: whoever follows it sees what there is now
 * @throws Error that says what to do
 */
export async function written(what: string, write: () => Promise<void>): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.status === 409 || error.status === 404) return false
    const advice = error.status === 403 ? '; deploy/ gives tallyman the right' : ''
    throw new Error(`${what}: cannot be written: ${error.message}${advice}`, { cause: error })
  }
}
