import t from 'tap'
import { jsonPreview } from '../../src/cli/preview-json.ts'
import { breakage, GROUPS, report } from './preview-reports.ts'

function fail(): never {
  throw new Error('a breakage has an image')
}

t.test('everything, for programs', async (t) => {
  const own = breakage({ deniedFrom: '2026-12-07' })
  const [{ replacement, ...image } = fail()] = own.images
  t.strictSame(JSON.parse(jsonPreview(report([own], GROUPS))), {
    breakages: [
      {
        trigger: 'change',
        deniedFrom: '2026-12-07',
        namespace: 'team-a',
        group: 'apps',
        kind: 'Deployment',
        name: 'web',
        images: [{ ...image, remedy: { ...replacement }, expired: null }],
      },
    ],
    exempt: [],
    groups: GROUPS,
    unread: [],
    summary: { workloads: 3, denied: 1, shown: 1, read: 9 },
  })
})

t.test('what is not known is null, so that every program finds every field', async (t) => {
  const [image = fail()] = breakage().images
  const own = breakage({ images: [{ ...image, replacement: undefined }] })
  t.match(JSON.parse(jsonPreview(report([own]))), {
    breakages: [{ deniedFrom: null, images: [{ remedy: null }] }],
    groups: null,
  })
})

t.test('exemptions, also one that covers something no more', async (t) => {
  const [image = fail()] = breakage().images
  const expired = { name: 'vendor', expires: '2026-12-10' }
  const { preview } = report([breakage({ images: [{ ...image, expired }] })])
  const exempt = [{ name: 'agent', workloads: 2 }]
  t.match(JSON.parse(jsonPreview({ preview: { ...preview, exempt } })), {
    breakages: [{ images: [{ expired }] }],
    exempt: [{ name: 'agent', expires: null, workloads: 2 }],
  })
})

t.test('what could not be read', async (t) => {
  const { preview } = report([])
  const unread = [{ resource: 'pods', reason: 'pods is forbidden', forbidden: true as const }]
  t.strictSame(JSON.parse(jsonPreview({ preview: { ...preview, unread } })).unread, [
    { resource: 'pods', reason: 'pods is forbidden' },
  ])
})
