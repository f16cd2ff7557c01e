import fc from 'fast-check'
import t from 'tap'
import { denialOf } from '../../src/admission/denial.ts'
import type { Occasion } from '../../src/admission/occasion.ts'
import type { Finding } from '../../src/judge.ts'
import { anyFindings, anyOccasion, isPlainLine } from './anything.ts'
import { container, finding, occasion, partialFinding, podRequest, request } from './samples.ts'

const policy = { name: 'default' }
const lines = (findings: Finding[], around: Occasion = occasion()) =>
  denialOf(findings, around, policy).message.split('\n')

t.test('a Job with two findings', async (t) =>
  t.strictSame(
    denialOf([finding(), partialFinding()], occasion(), {
      ...policy,
      helpURL: 'https://wiki.example.com/image-tags',
    }),
    {
      code: 403,
      reason: 'Forbidden',
      message: `\
Job "resnet": container "trainer" uses vision/resnet:latest, which changes with every push; use a tag that is pushed once (and 1 more image)
- container "trainer" [latestTag] registry.example.com/vision/resnet:latest
    image: registry.example.com/vision/resnet:<version>   # 20261123, 1.4.2 or the git commit
    imagePullPolicy: IfNotPresent
- init container "fetch" [partialTag] busybox:1.36 moves to each new 1.36.z
    image: busybox:1.36.<patch>   # or busybox:1.36@sha256:<digest>
Try again without running it: kubectl create --dry-run=server -f FILE   (TagPolicy default)
More: https://wiki.example.com/image-tags`,
      details: {
        causes: [
          {
            reason: 'latestTag',
            field: 'spec.template.spec.containers[0].image',
            message:
              'registry.example.com/vision/resnet:latest changes with every push; write registry.example.com/vision/resnet:<version> and imagePullPolicy: IfNotPresent',
          },
          {
            reason: 'partialTag',
            field: 'spec.template.spec.initContainers[0].image',
            message:
              'busybox:1.36 moves to each new 1.36.z; write busybox:1.36.<patch>, until then imagePullPolicy: Always',
          },
        ],
      },
    },
  ),
)

const at = (index: number) => container({ name: `c${index}`, field: `spec.containers[${index}].image` })
const same = (count: number) => Array.from({ length: count }, (_, index) => finding({ container: at(index) }))
const different = (count: number) =>
  same(count).map((one, index) => ({ ...one, image: `nginx:v${index}-latest` }))

const firstLines: [what: string, Finding[], Occasion, start: RegExp][] = [
  [
    'several containers with one image',
    same(3),
    occasion(),
    /^Job "resnet": container "c0" and 2 more use vision\/resnet:latest, which changes .* once$/,
  ],
  ['two more images', different(3), occasion(), /\(and 2 more images\)$/],
  [
    'another finding of the same image',
    [finding(), finding({ container: at(1), problem: 'is deleted' })],
    occasion(),
    /\(and 1 more finding\)$/,
  ],
  [
    'no image to speak of',
    [finding({ rule: 'invalidReference', image: '', problem: 'is a number', action: 'write a text' })],
    occasion(),
    /^Job "resnet": spec\.template\.spec\.containers\[0\]\.image is a number; write a text$/,
  ],
  [
    'three places without an image',
    [0, 1, 2].map((index) => finding({ image: '', problem: 'is null', container: at(index) })),
    occasion(),
    /^Job "resnet": spec\.[^ ]+ is null; .* \(and 2 more findings\)$/,
  ],
  [
    'a name to be generated',
    [finding()],
    occasion(request({ name: undefined, object: { metadata: { generateName: 'exp-' } } })),
    /^Job "exp-\.\.\.": container/,
  ],
  ['no name at all', [finding()], occasion(request({ name: undefined })), /^Job: container/],
  [
    'a group of the object',
    [finding({ container: container({ name: 'pytorch', group: 'Worker' }) })],
    occasion(),
    /^Job "resnet": container "pytorch" of Worker uses/,
  ],
]

for (const [what, findings, around, start] of firstLines) {
  t.test(`the first line: ${what}`, async (t) => t.match(lines(findings, around)[0], start))
}

t.test('containers with one image share a row', async (t) => {
  const rows = lines(same(5)).filter((line) => line.startsWith('- '))
  t.same(rows, [
    '- container "c0", container "c1", container "c2" and 2 more [latestTag] registry.example.com/vision/resnet:latest',
  ])
})

t.test('two findings of a container have one remedy', async (t) => {
  const expiring = finding({ rule: 'expiringImage', problem: 'is deleted after 24 hours' })
  t.same(lines([finding(), expiring]).slice(1, 4), [
    '- container "trainer" [latestTag, expiringImage] registry.example.com/vision/resnet:latest',
    '  is deleted after 24 hours',
    '    image: registry.example.com/vision/resnet:<version>   # 20261123, 1.4.2 or the git commit',
  ])
})

t.test('many rows are counted', async (t) => {
  const all = lines(different(13))
  t.equal(all.filter((line) => line.startsWith('- ')).length, 10)
  t.ok(all.includes('... and 3 more containers'))
  t.ok(lines(different(11)).includes('... and 1 more container'))
})

const hints: [what: string, Occasion, hint: string][] = [
  ['to create', occasion(), 'Try again without running it: kubectl create --dry-run=server -f FILE'],
  [
    'to update',
    occasion(request({ operation: 'UPDATE' })),
    'Try again without running it: kubectl apply --dry-run=server -f FILE',
  ],
  [
    'to debug',
    occasion(podRequest({ operation: 'UPDATE', subResource: 'ephemeralcontainers' })),
    'Try again: kubectl debug web --image=IMAGE',
  ],
]

for (const [what, around, hint] of hints) {
  t.test(`how to try again ${what}`, async (t) =>
    t.equal(lines([finding()], around).at(-1), `${hint}   (TagPolicy default)`),
  )
}

t.test('causes are bounded', async (t) =>
  t.equal(denialOf(different(200), occasion(), policy).details.causes.length, 100),
)

t.test('nothing that a finding holds adds a line, and all bounds hold', async () => {
  fc.assert(
    fc.property(anyFindings, anyOccasion, (findings, around) => {
      const { message, details } = denialOf(findings, around, policy)
      const rows = message.split('\n')
      const starts = rows.filter((line) => line.startsWith('- ')).length
      return (
        rows.every(isPlainLine) &&
        message.length < 64_000 &&
        starts <= 10 &&
        rows.filter((line) => line.startsWith('Try again')).length === 1 &&
        details.causes.length === findings.length &&
        details.causes.every(
          ({ reason, field, message }) =>
            [reason, field, message].every(isPlainLine) && message.length <= 512 && field.length <= 160,
        )
      )
    }),
    { numRuns: 200 },
  )
})
