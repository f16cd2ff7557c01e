import t from 'tap'
import { jsonPreview } from '../../src/cli/preview-json.ts'
import { breakage, GROUPS, report } from './preview-reports.ts'

t.test('everything, for programs', async (t) => {
  const own = breakage({ deniedFrom: '2026-12-07' })
  t.strictSame(JSON.parse(jsonPreview(report([own], GROUPS))), {
    breakages: [
      {
        trigger: 'change',
        deniedFrom: '2026-12-07',
        namespace: 'team-a',
        group: 'apps',
        kind: 'Deployment',
        name: 'web',
        images: JSON.parse(JSON.stringify(own.images)),
      },
    ],
    groups: GROUPS,
    unread: [],
    summary: { workloads: 3, denied: 1, read: 9 },
  })
})
