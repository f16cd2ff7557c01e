import { plainText } from '../admission/plain-text.ts'
import type { PreviewReport } from './preview-report.ts'

const COLUMNS = [
  'namespace',
  'kind',
  'name',
  'denied',
  'from',
  'container',
  'image',
  'rules',
  'replaceBy',
  'pullPolicy',
  'firstRun',
  'runningVersions',
  'exemption',
  'exemptUntil',
]

/** For a spreadsheet (RFC 4180): a line for each image; with --group-by a line for each value of the label. */
export function csvPreview({ preview, groups }: PreviewReport): string {
  const rows =
    groups === undefined
      ? [
          COLUMNS,
          ...preview.breakages.flatMap(({ workload, trigger, deniedFrom = '', images }) =>
            images.map(({ container, image, rules, replacement = {}, running, expired }) => [
              workload.namespace,
              workload.kind,
              workload.name,
              trigger,
              deniedFrom,
              container,
              image,
              rules.join(' '),
              replacement.image ?? '',
              replacement.pullPolicy ?? '',
              replacement.command ?? '',
              String(running.length),
              expired?.name ?? '',
              expired?.expires ?? '',
            ]),
          ),
        ]
      : [
          [groups.label, 'workloads', 'denied'],
          ...groups.rows.map(({ value, workloads, denied }) => [value, String(workloads), String(denied)]),
        ]
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

/** What a spreadsheet would take for a formula is made a text; names and images may be anything. */
function cell(value: string): string {
  const text = plainText(value).replace(/^[=+@-]/, "'$&")
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
