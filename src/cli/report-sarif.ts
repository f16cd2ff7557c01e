import { isAbsolute, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Mode } from '../policy/mode.ts'
import { RULES } from '../rules/index.ts'
import { messageText } from './lint-finding.ts'
import type { LintReport, Unread } from './lint-report.ts'
import { safeJson } from './safe-json.ts'
import { version } from './version.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

const LEVELS: Readonly<Record<Mode, string>> = {
  enforce: 'error',
  warn: 'warning',
  audit: 'note',
  disabled: 'none',
}

/** SARIF 2.1.0, which code scanning services take in. */
export function sarifReport({ findings, unread }: LintReport): string {
  const results = findings.map((found) => ({
    ruleId: found.finding.rule,
    ruleIndex: RULES.findIndex(({ id }) => id === found.finding.rule),
    level: LEVELS[found.finding.mode],
    message: { text: messageText(found) },
    locations: [
      {
        physicalLocation: physicalLocation(found.file, found.line),
        logicalLocations: [
          { fullyQualifiedName: qualifiedName(found.object, found.finding.container.field) },
        ],
      },
    ],
  }))
  const run = {
    tool: { driver: { name: 'tallyman', version: version(), rules: RULES.map(describe) } },
    invocations: [
      { executionSuccessful: unread.length === 0, toolExecutionNotifications: unread.map(notification) },
    ],
    columnKind: 'utf16CodeUnits',
    results,
  }
  return `${safeJson({ $schema: SCHEMA, version: '2.1.0', runs: [run] })}\n`
}

function describe({ id, asks, because, satisfy }: (typeof RULES)[number]) {
  return {
    id,
    shortDescription: { text: asks },
    fullDescription: { text: because },
    help: { text: satisfy },
  }
}

function notification({ file, line, message }: Unread) {
  return {
    level: 'error',
    message: { text: message },
    locations: [{ physicalLocation: physicalLocation(file, line) }],
  }
}

function physicalLocation(file: string, line: number | undefined) {
  return {
    artifactLocation: { uri: uriOf(file) },
    ...(line === undefined ? {} : { region: { startLine: line } }),
  }
}

/** A relative path stays relative: the service resolves it against the repository. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href
  const path = file.split(sep).map(encodeURIComponent).join('/')
  return path.startsWith('./') ? path.slice(2) : path
}

function qualifiedName(object: { namespace: string; kind: string; name: string }, field: string): string {
  return `${object.namespace}/${object.kind}/${object.name}/${field}`
}
