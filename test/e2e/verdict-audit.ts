import { type AuditEvent, readAuditLog } from '../control-plane/audit-log.ts'

const PREFIX = 'image-tags.tallyman.dev/'

/** What tallyman left in an audit event. */
export interface AuditedVerdict {
  readonly mode: string
  readonly policy: string
  readonly findings?: readonly {
    mode?: string
    rule?: string
    field?: string
    image?: string
    more?: number
  }[]
  readonly exemption?: string
}

/** tallyman's annotations of an audit event; undefined where it had nothing to say. */
export function auditedVerdict({ annotations = {} }: AuditEvent): AuditedVerdict | undefined {
  const ours = Object.entries(annotations).filter(([key]) => key.startsWith(PREFIX))
  if (ours.length === 0) return undefined
  const { findings, ...rest } = Object.fromEntries(
    ours.map(([key, value]) => [key.slice(PREFIX.length), value]),
  )
  return { ...(rest as unknown as AuditedVerdict), ...(findings && { findings: JSON.parse(findings) }) }
}

/** Events that the API server let through because no webhook answered. Source: k8s.io/apiserver FailOpen annotations. */
export function failedOpen(events: readonly AuditEvent[]): AuditEvent[] {
  return events.filter(({ annotations = {} }) =>
    Object.keys(annotations).some((key) => key.startsWith('failed-open.')),
  )
}

/** The events that were written since this was made. */
export class AuditTrail {
  readonly #path: string
  #seen = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Those since the last time. */
  async next(): Promise<AuditEvent[]> {
    const events = await readAuditLog(this.#path)
    const fresh = events.slice(this.#seen)
    this.#seen = events.length
    return fresh
  }
}
