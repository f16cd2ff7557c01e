import pino, { type DestinationStream, type Logger } from 'pino'
import type { Verdict } from '../admission/admit.ts'
import { outcomeOf } from '../admission/answer.ts'
import { plainText } from '../admission/plain-text.ts'
import type { AdmissionRequest, AdmissionReviewResponse } from '../admission/review.ts'
import type { ChangeEntry } from './change-entry.ts'

/** Findings that one line lists; the count of all stands beside them. An object can have thousands. */
export const MAX_LOGGED_FINDINGS = 20

/** A Kubernetes name, a user and an image are shorter; what is longer is not worth a line of its own. */
const MAX_TEXT = 256

/** A stack says where; what follows says little. */
const MAX_STACK = 4096

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** The process's log: JSON lines. */
export function createLogger(level: LogLevel, destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: errorFields },
    },
    destination,
  )
}

/** Logs a verdict that has something to say: one line, whatever the number of findings. No bodies. */
export function logVerdict(log: Logger, request: AdmissionRequest, verdict: Verdict): void {
  const findings = verdict.judgement?.findings ?? []
  if (verdict.outcome === 'allowed' && findings.length === 0) return
  log.info(verdictFields(request, verdict), MESSAGES[verdict.outcome])
}

/** Logs what was answered about a change of what holds, where it was more than yes. */
export function logChange(
  log: Logger,
  entry: ChangeEntry,
  request: AdmissionRequest,
  review: AdmissionReviewResponse,
): void {
  const outcome = outcomeOf(review)
  if (outcome === 'allowed') return
  const { status, warnings } = review.response
  log.info(
    {
      entry,
      uid: plainText(request.uid, MAX_TEXT),
      user: plainText(request.userInfo.username, MAX_TEXT),
      operation: request.operation,
      kind: plainText(request.kind.kind, MAX_TEXT),
      object: plainText(objectName(request), MAX_TEXT),
      dryRun: request.dryRun,
      ...(warnings && { warnings }),
      ...(status && {
        problems: status.details.causes
          .slice(0, MAX_LOGGED_FINDINGS)
          .map(({ field, message }) => plainText(`${field}: ${message}`, MAX_TEXT)),
        problemCount: status.details.causes.length,
      }),
    },
    outcome === 'denied' ? 'change denied' : 'change warned about',
  )
}

/** An allowed object with findings has only findings for the audit. */
const MESSAGES = { denied: 'denied', warned: 'warned', allowed: 'audit findings' } as const

function verdictFields(request: AdmissionRequest, { judgement, policy, owned }: Verdict): object {
  const { findings = [], exemptions = [] } = judgement ?? {}
  return {
    uid: plainText(request.uid, MAX_TEXT),
    user: plainText(request.userInfo.username, MAX_TEXT),
    operation: request.operation,
    group: plainText(request.kind.group, MAX_TEXT),
    kind: plainText(request.kind.kind, MAX_TEXT),
    namespace: plainText(request.namespace ?? '', MAX_TEXT),
    // Not `name`: readers of pino's logs take that for the logger's.
    object: plainText(objectName(request), MAX_TEXT),
    dryRun: request.dryRun,
    policy,
    owned,
    ...(exemptions.length > 0 && {
      exemptions: exemptions.slice(0, MAX_LOGGED_FINDINGS).map(({ name }) => plainText(name, MAX_TEXT)),
    }),
    rules: [...new Set(findings.map((finding) => finding.rule))],
    findingCount: findings.length,
    findings: findings.slice(0, MAX_LOGGED_FINDINGS).map(({ rule, mode, container, image }) => ({
      rule,
      mode,
      container: plainText(container.name, MAX_TEXT),
      field: plainText(container.field, MAX_TEXT),
      image: plainText(image, MAX_TEXT),
    })),
  }
}

/** The request's name, or the prefix of the name that the API server will make up. */
function objectName({ name, object }: AdmissionRequest): string {
  if (name !== undefined && name !== '') return name
  const metadata = (object as { metadata?: { generateName?: unknown } } | null | undefined)?.metadata
  const prefix = metadata?.generateName
  return typeof prefix === 'string' ? `${prefix.slice(0, MAX_TEXT)}*` : ''
}

function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { message: plainText(String(error), MAX_TEXT) }
  return {
    type: error.name,
    // A refused policy has a line for each mistake.
    message: error.message
      .split('\n')
      .map((line) => plainText(line, MAX_TEXT))
      .join('; ')
      .slice(0, MAX_STACK),
    stack: error.stack
      ?.slice(0, MAX_STACK)
      .split('\n')
      .map((line) => plainText(line, MAX_TEXT)),
  }
}
