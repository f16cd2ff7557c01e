import t from 'tap'
import { readImage } from '../../src/image/image.ts'
import type { TagFacts } from '../../src/image/tag-kind.ts'
import { candidates } from '../../src/rules/candidates.ts'

const retention = { defaultHours: 24, suffix: true, maximum: { days: 90, months: 3 } }
const facts: TagFacts = {
  registry: (host) => (host === 'short.example.com' ? { host, retention, buildNumbers: false } : undefined),
  kindByGlob: () => undefined,
}
const read = (image: string) => readImage(image, facts)
const digest = `sha256:${'0'.repeat(64)}`

const cases: readonly (readonly [image: string, keeping: string | undefined, images: readonly string[]])[] = [
  ['nginx:1.27.3', undefined, ['nginx:1.27.3', 'nginx:1.27.3@sha256:<digest>']],
  ['nginx', undefined, ['nginx', 'nginx:<version>', 'nginx@sha256:<digest>']],
  [
    'Nginx:1.27',
    undefined,
    ['Nginx:1.27', 'nginx:1.27', 'nginx:1.27.<patch>', 'nginx:<version>', 'nginx:1.27@sha256:<digest>'],
  ],
  ['{{ image }}', undefined, ['{{ image }}']],
  [
    'localhost:5000',
    undefined,
    [
      'localhost:5000',
      'localhost:5000/<name>:<version>',
      'localhost:5000.<minor>',
      'localhost:5000.<minor>.<patch>',
      'localhost:<version>',
      'localhost:5000@sha256:<digest>',
    ],
  ],
  [
    'registry.example.com:tag',
    undefined,
    ['registry.example.com:tag', 'registry.example.com:tag@sha256:<digest>'],
  ],
  [
    'short.example.com/a:1.4.2-2weeks',
    'keep.example.com',
    [
      'short.example.com/a:1.4.2-2weeks',
      'short.example.com/a:1.4.2-14days',
      'short.example.com/a:1.4.2-2weeks@sha256:<digest>',
      'keep.example.com/a:1.4.2-2weeks',
      'keep.example.com/a:1.4.2-2weeks@sha256:<digest>',
    ],
  ],
  [
    `short.example.com/a:latest-7days@${digest}`,
    undefined,
    [
      `short.example.com/a:latest-7days@${digest}`,
      `short.example.com/a:latest-7days@${digest}`,
      `<registry>/a:latest@${digest}`,
      `<registry>/a:latest@${digest}`,
    ],
  ],
]
for (const [image, keeping, images] of cases) {
  t.test(`${image} might become ${images.length} things, the smallest change first`, async (t) => {
    t.same(
      [...candidates(read(image), keeping, read)].map((each) => each.image),
      images,
    )
  })
}

t.test('what changes its registry says what to copy it from', async (t) => {
  const all = [...candidates(read('short.example.com/a:1.4.2'), 'keep.example.com', read)]
  for (const { image, copyFrom } of all) {
    t.equal(copyFrom, image.startsWith('keep.') ? 'short.example.com/a:1.4.2' : undefined, image)
  }
})
