import type { Mode } from '../policy/mode.ts'
import { messageText } from './lint-finding.ts'
import type { LintReport } from './lint-report.ts'

const COMMANDS: Readonly<Record<Mode, string>> = {
  enforce: 'error',
  warn: 'warning',
  audit: 'notice',
  disabled: 'notice',
}

/** Workflow commands of GitHub Actions, which show each finding beside its line in a pull request. */
export function githubReport({ findings, unread }: LintReport): string {
  const found = findings.map((finding) =>
    command(
      COMMANDS[finding.finding.mode],
      { file: finding.file, line: finding.line, title: `tallyman ${finding.finding.rule}` },
      messageText(finding),
    ),
  )
  const missed = unread.map(({ file, line, message }) =>
    command('error', { file, line, title: 'tallyman could not read this' }, message),
  )
  return [...found, ...missed].map((line) => `${line}\n`).join('')
}

/** `::error file=a.yaml,line=3::text`. Source of the escapes: actions/toolkit, packages/core/src/command.ts. */
function command(
  name: string,
  properties: Record<string, string | number | undefined>,
  message: string,
): string {
  const written = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => `${key}=${escapeData(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
    )
  return `::${name} ${written.join(',')}::${escapeData(message)}`
}

/** A line break would begin a command of the writer's own. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
