import { messageText } from './lint-finding.ts'
import { countByMode, type LintReport } from './lint-report.ts'
import { safeJson } from './safe-json.ts'

/** For programs: texts are as they stand in the files, so whoever prints them has to make them safe. */
export function jsonReport(report: LintReport): string {
  const findings = report.findings.map((found) => {
    const { container, rule, mode, image, remedy } = found.finding
    return {
      file: found.file,
      line: found.line,
      object: found.object,
      container: container.name,
      path: container.field,
      image,
      rule,
      mode,
      message: messageText(found),
      remedy: remedy() ?? null,
    }
  })
  const { objects, images, unread } = report
  return `${safeJson({ findings, unread, summary: { objects, images, ...countByMode(report) } })}\n`
}
