import { join } from 'node:path'
import t from 'tap'
import type { Linted } from '../../src/cli/lint-all.ts'
import { lintNotes } from '../../src/cli/lint-notes.ts'
import { EMPTY_REPORT } from './sample-report.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const QUIET: Linted = {
  report: EMPTY_REPORT,
  templates: [],
  skipped: 0,
  notAsked: new Map(),
  exempt: new Map(),
}

t.test('nothing to know', async (t) => t.strictSame(lintNotes(QUIET, [], NOW), []))

t.test('templates are told once for a chart, and by what to type', async (t) => {
  const directory = t.testdir({ web: { 'Chart.yaml': '', templates: {} }, "o'clock": { 'Chart.yaml': '' } })
  const template = (file: string, line: number) => ({ file, line, message: 'it is a Helm template' })
  const templates = [
    template(join(directory, 'web/templates/a.yaml'), 1),
    template(join(directory, 'web/templates/a.yaml'), 9),
    template(join(directory, 'web/templates/b.yaml'), 1),
    template(join(directory, "o'clock/c.yaml"), 1),
    template('stdin', 7),
    template('stdin', 9),
  ]
  const other = { file: 'd.yaml', line: 3, message: 'broken' }
  const notes = lintNotes(
    { ...QUIET, templates, report: { ...EMPTY_REPORT, unread: [other, ...templates] } },
    [],
    NOW,
  )
  const read = 'which only Helm can read: helm template'
  t.strictSame(notes, [
    'tallyman: d.yaml:3: broken',
    `tallyman: 2 files are Helm templates, ${read} ${directory}/web | tallyman lint -`,
    `tallyman: ${directory}/o'clock/c.yaml is a Helm template, ${read} '${directory}/o'\\''clock' | tallyman lint -`,
    'tallyman: stdin:7: it is a Helm template that was not rendered; where helm template printed it, the chart leaves out tpl for that value',
  ])
})

t.test('what was passed over, and what another wrote stays one line', async (t) => {
  const notes = lintNotes({ ...QUIET, skipped: 2, notAsked: new Map([['a\nb', 3]]) }, ['x\u001b'], NOW)
  t.strictSame(notes, [
    'tallyman: x\\u{1b}',
    '3 objects in a\\u{a}b were skipped: the API server does not ask tallyman about what is there.',
    '2 files hold no Kubernetes object and were skipped.',
  ])
})
