import { readFile } from 'node:fs/promises'

/** The parts of an audit event (audit.k8s.io/v1) that tests ask about. */
export interface AuditEvent {
  readonly auditID: string
  readonly stage: string
  readonly verb: string
  readonly requestURI: string
  readonly user: { readonly username: string; readonly groups?: readonly string[] }
  readonly objectRef?: {
    readonly resource: string
    readonly apiGroup?: string
    readonly namespace?: string
    readonly name?: string
    readonly subresource?: string
  }
  readonly responseStatus?: { readonly code?: number; readonly reason?: string; readonly message?: string }
  readonly annotations?: Readonly<Record<string, string>>
}

/**
 * The events of an audit log, oldest first. The API server writes each event before it answers the request (log mode
 * `blocking`), so that what has been answered is there; a last line that is still being written is left out.
 */
export function auditEvents(log: string): AuditEvent[] {
  return log
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent)
}

/** Reads the events of a running API server. */
export async function readAuditLog(path: string): Promise<AuditEvent[]> {
  return auditEvents(await readFile(path, 'utf8'))
}
