import t from 'tap'
import { textReport } from '../../src/cli/report-text.ts'
import { plain } from '../../src/cli/terminal.ts'
import { EMPTY_REPORT, sampleReport } from './sample-report.ts'

t.test('what a person reads', async (t) => {
  const lines = textReport(sampleReport('web.yaml'), plain).split('\n')
  t.match(lines[0], /^web\.yaml:8: error: Deployment\/web, init container "fetch" \[partialTag\]$/)
  t.match(lines[1], /^ {2}busybox:1\.36 moves to each new 1\.36\.z/)
  t.ok(lines.includes('    image: busybox:1.36.<patch>   # or busybox:1.36@sha256:<digest>'), 'to paste')
  t.ok(lines.includes('web.yaml:11: warning: Deployment/web, container "cache" [floatingTag]'))
  t.ok(
    lines.includes('web.yaml:14: error: Deployment/web, container "web" [latestTag, expiringImage]'),
    'one block',
  )
  t.equal(lines.at(-2), '3 images in 1 object: 2 errors, 2 warnings, 2 not read.')
  t.strictSame(
    lines.filter((line) => line.length > 100 && !line.includes('crane copy')),
    [],
    'it fits 100 columns',
  )
})

t.test('a remedy is told once for a container', async (t) => {
  const text = textReport(sampleReport(), plain)
  t.equal(text.split('registry.console.elementai.com/team/web:<version>\n').length <= 3, true)
})

t.test('colour goes to the word and the place only', async (t) => {
  const text = textReport(sampleReport('web.yaml'), (style, text) => `<${style}>${text}</>`)
  t.match(text, '<bold>web.yaml:8:</> <red>error:</> Deployment/web')
  t.match(text, '<yellow>warning:</>')
})

t.test('a file name cannot forge output', async (t) => {
  t.match(textReport(sampleReport('\u001b[2Jé\n.yaml'), plain), '\\u{1b}[2Jé\\u{a}.yaml:8:')
})

t.test('nothing found is said too', async (t) => {
  t.equal(textReport(EMPTY_REPORT, plain), '0 images in 0 objects: nothing to mend.\n')
})
