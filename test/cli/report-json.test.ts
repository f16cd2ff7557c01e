import t from 'tap'
import { jsonReport } from '../../src/cli/report-json.ts'
import { EMPTY_REPORT, sampleReport } from './sample-report.ts'

t.test('what a program reads', async (t) => {
  const { findings, summary, unread } = JSON.parse(jsonReport(sampleReport('web.yaml')))
  t.strictSame(Object.keys(findings[0]), [
    'file',
    'line',
    'object',
    'container',
    'path',
    'image',
    'rule',
    'mode',
    'message',
    'remedy',
  ])
  t.match(findings[0], {
    file: 'web.yaml',
    line: 8,
    object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'team-web', name: 'web' },
    container: 'fetch',
    path: 'spec.template.spec.initContainers[0].image',
    image: 'busybox:1.36',
    rule: 'partialTag',
    mode: 'enforce',
    message: /^Deployment\/web, init container "fetch": busybox:1\.36 moves/,
    remedy: { image: 'busybox:1.36.<patch>' },
  })
  t.strictSame(summary, { objects: 1, images: 3, enforce: 2, warn: 2, audit: 0 })
  t.equal(unread.length, 2)
})

t.test('nothing found is a report as well', async (t) => {
  t.strictSame(JSON.parse(jsonReport(EMPTY_REPORT)), {
    findings: [],
    unread: [],
    summary: { objects: 0, images: 0, enforce: 0, warn: 0, audit: 0 },
  })
})
