import { wrap } from '../admission/lines.ts'
import { printableText } from '../admission/plain-text.ts'
import type { Mode } from '../policy/mode.ts'
import { adviceLines, type LintFinding, whereText, whyText } from './lint-finding.ts'
import { countByMode, counted, type LintReport } from './lint-report.ts'
import type { Paint, Style } from './terminal.ts'

/** How far what is to be pasted stands in. */
const INDENT = '    '

/** The word before a finding; editors and CI services know the first two. */
const LEVELS: Readonly<Record<Mode, readonly [word: string, style: Style]>> = {
  enforce: ['error', 'red'],
  warn: ['warning', 'yellow'],
  audit: ['note', 'cyan'],
  disabled: ['note', 'cyan'],
}

/** For a person at a terminal: what to paste for each container, and one line that sums up. */
export function textReport(report: LintReport, paint: Paint): string {
  const blocks = byContainer(report.findings).flatMap((found) => [...blockLines(found, paint), ''])
  return [...blocks, summary(report), ''].join('\n')
}

type Block = readonly [LintFinding, ...LintFinding[]]

/** All that is found of a container belongs together: it has one remedy. */
function byContainer(findings: readonly LintFinding[]): Block[] {
  const objects = new Map<LintFinding['object'], Map<string, [LintFinding, ...LintFinding[]]>>()
  const blocks: Block[] = []
  for (const found of findings) {
    const containers = objects.get(found.object) ?? new Map<string, [LintFinding, ...LintFinding[]]>()
    objects.set(found.object, containers)
    const { field } = found.finding.container
    const block = containers.get(field)
    if (block === undefined) {
      const made: [LintFinding, ...LintFinding[]] = [found]
      containers.set(field, made)
      blocks.push(made)
    } else block.push(found)
  }
  return blocks
}

function blockLines(block: Block, paint: Paint): string[] {
  const [first] = block
  const [word, style] = LEVELS[first.finding.mode]
  const place = paint('bold', `${printableText(first.file)}:${first.line}:`)
  const rules = block.map(({ finding }) => finding.rule).join(', ')
  return [
    `${place} ${paint(style, `${word}:`)} ${whereText(first)} [${rules}]`,
    ...block.flatMap((found) => wrap(whyText(found), '  ')),
    ...adviceLines(first, INDENT),
  ]
}

function summary(report: LintReport): string {
  const { enforce, warn, audit } = countByMode(report)
  const looked = `${counted(report.images, 'image')} in ${counted(report.objects, 'object')}`
  const found = [
    enforce > 0 && counted(enforce, 'error'),
    warn > 0 && counted(warn, 'warning'),
    audit > 0 && counted(audit, 'note'),
    report.unread.length > 0 && `${report.unread.length} not read`,
  ].filter((part) => part !== false)
  return `${looked}: ${found.length === 0 ? 'nothing to mend' : found.join(', ')}.`
}
