import { wrap } from '../admission/lines.ts'
import { plainText } from '../admission/plain-text.ts'
import { type Breakage, type BrokenImage, type Preview, TRIGGERS, type Trigger } from '../preview/preview.ts'
import { counted } from './lint-report.ts'
import type { PreviewReport } from './preview-report.ts'
import type { Paint } from './terminal.ts'

const HEADINGS: Record<Trigger, string> = {
  itself: 'Denied with nobody touching it, when a controller makes it again',
  next: 'Denied at its next run or release',
  change: 'Denied only when its image changes',
}

const MAX_TEXT = 300
/** Room for the longest value of a label. */
const MAX_VALUE = 63

/** For a person at a terminal: each workload with what to write, or a table where counts by a label are asked for. */
export function textPreview({ preview, groups }: PreviewReport, paint: Paint): string {
  const lines = groups === undefined ? workloads(preview, paint) : table(groups, paint)
  return [...lines, summary(preview), ''].join('\n')
}

function workloads({ breakages }: Preview, paint: Paint): string[] {
  return TRIGGERS.flatMap((trigger) => {
    const own = breakages.filter((breakage) => breakage.trigger === trigger)
    if (own.length === 0) return []
    return [
      paint('bold', `${HEADINGS[trigger]}: ${counted(own.length, 'workload')}`),
      ...own.flatMap((it) => workload(it, paint)),
      '',
    ]
  })
}

function workload(
  { workload: { namespace, kind, name }, deniedFrom, images }: Breakage,
  paint: Paint,
): string[] {
  const where = plainText(namespace === '' ? `${kind}/${name}` : `${namespace}: ${kind}/${name}`, MAX_TEXT)
  const from = deniedFrom === undefined ? '' : `, from ${deniedFrom}`
  return [`  ${paint('bold', where)}${from}`, ...images.flatMap(image)]
}

function image({ container, image, rules, problem, remedy, running }: BrokenImage): string[] {
  const what = image === '' ? 'its image' : plainText(image, MAX_TEXT)
  const first = `container "${plainText(container, MAX_VALUE)}" [${rules.join(', ')}]: ${what} ${plainText(problem, MAX_TEXT)}`
  const several =
    running.length > 1
      ? [`${running.length} versions run under this name now; this is the most frequent one:`]
      : []
  return [
    ...wrap(first, '    '),
    ...several.flatMap((text) => wrap(text, '    ')),
    ...(remedy === undefined ? [] : [`      image: ${plainText(remedy, 600)}`]),
  ]
}

function table({ label, rows }: NonNullable<PreviewReport['groups']>, paint: Paint): string[] {
  const shown = rows.map((row) => [
    plainText(row.value === '' ? '(none)' : row.value, MAX_VALUE),
    String(row.workloads),
    String(row.denied),
    row.workloads === 0 ? '' : `${Math.floor(((row.workloads - row.denied) / row.workloads) * 100)} %`,
  ])
  const head = [plainText(label, MAX_VALUE), 'workloads', 'would be denied', 'in order']
  const widths = head.map((title, column) =>
    Math.max(title.length, ...shown.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
  return [paint('bold', line(head)), ...shown.map(line), '']
}

function summary({ breakages, more, read, namespaces, stopped }: Preview): string {
  const denied = breakages.length + more
  const all = [...namespaces.values()].reduce((sum, { workloads }) => sum + workloads, 0)
  const where = counted(namespaces.size, 'namespace')
  const partly = stopped === undefined ? '' : ' It stopped before everything was read.'
  const hidden = more > 0 ? ` ${more} of them are not shown.` : ''
  const verdict = denied === 0 ? 'Nothing would be denied' : `${counted(denied, 'workload')} would be denied`
  return `${verdict}, of ${all} in ${where} (${counted(read, 'object')} read).${hidden}${partly}`
}
