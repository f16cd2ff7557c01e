import type { Logger } from 'pino'
import { plainText } from '../admission/plain-text.ts'
import type { AdmissionRequest } from '../admission/review.ts'

/** Kinds that are named in the log; a cluster that registers more by mistake (`*`) is told so, and anybody who can reach the port can make up others. */
export const MAX_UNKNOWN_KINDS = 100

/** A group has at most 253 characters, a kind and a resource 63. */
const MAX_TEXT = 253

/**
 * Logs each kind that is sent although no row of the kinds table tells where its images are, once: it passes unjudged, which
 * whoever registered it did not mean.
 */
export class UnknownKinds {
  readonly #log: Logger
  readonly #seen = new Set<string>()

  constructor(log: Logger) {
    this.#log = log
  }

  note({ kind, resource, subResource }: AdmissionRequest): void {
    if (this.#seen.size > MAX_UNKNOWN_KINDS) return
    const fields = {
      group: plainText(kind.group, MAX_TEXT),
      kind: plainText(kind.kind, MAX_TEXT),
      resource: plainText(
        subResource === undefined ? resource.resource : `${resource.resource}/${subResource}`,
        MAX_TEXT,
      ),
    }
    const key = `${fields.group}/${fields.kind}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    if (this.#seen.size > MAX_UNKNOWN_KINDS)
      this.#log.warn({ logged: MAX_UNKNOWN_KINDS }, 'more kinds pass unjudged than are logged')
    else
      this.#log.warn(
        fields,
        'kind passes unjudged: describe it in spec.cluster.workloads of the policy, or take it out of the webhook configuration',
      )
  }
}
