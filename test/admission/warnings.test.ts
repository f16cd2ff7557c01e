import fc from 'fast-check'
import t from 'tap'
import { ALL_NEW } from '../../src/admission/changes.ts'
import type { Occasion } from '../../src/admission/occasion.ts'
import { warningsOf } from '../../src/admission/warnings.ts'
import type { Finding } from '../../src/judge.ts'
import { anyFindings, anyOccasion, isPlainLine } from './anything.ts'
import { container, finding, occasion, partialFinding, request } from './samples.ts'

const at = (index: number) => container({ name: `c${index}`, field: `spec.containers[${index}].image` })
const unchanged: Occasion = { ...occasion(), changes: { ...ALL_NEW, isUnchanged: () => true } }
const long = 'department/of/a/team/with/a/rather/long/name/image'

const cases: [what: string, Finding[], Occasion, warnings: string[]][] = [
  [
    'where, what, and what to write',
    [finding()],
    occasion(),
    [
      'Job/resnet, container "trainer": registry.example.com/vision/resnet:latest changes with every push; write registry.example.com/vision/resnet:<version> and imagePullPolicy: IfNotPresent. [latestTag]',
    ],
  ],
  [
    'the day from which it is denied',
    [partialFinding({ deniedFrom: '2026-12-07' })],
    occasion(),
    [
      'Job/resnet, init container "fetch": busybox:1.36 moves to each new 1.36.z; write busybox:1.36.<patch>, until then imagePullPolicy: Always. Denied from 2026-12-07. [partialTag]',
    ],
  ],
  [
    'what would be denied, were it new',
    [partialFinding()],
    unchanged,
    [
      'Job/resnet, init container "fetch": busybox:1.36 moves to each new 1.36.z; write busybox:1.36.<patch>, until then imagePullPolicy: Always; allowed only because it is unchanged. [partialTag]',
    ],
  ],
  [
    'what would only be warned about, were it new',
    [finding({ rule: 'floatingTag', image: 'redis:alpine', problem: 'moves', remedy: undefined })],
    unchanged,
    ['Job/resnet, container "trainer": redis:alpine moves; use a tag that is pushed once. [floatingTag]'],
  ],
  [
    'one line for several containers with one image',
    [0, 1, 2].map((index) => partialFinding({ container: at(index) })),
    occasion(),
    [
      'Job/resnet, container "c0" and 2 more: busybox:1.36 moves to each new 1.36.z; write busybox:1.36.<patch>, until then imagePullPolicy: Always. [partialTag]',
    ],
  ],
  [
    'an object without a name yet',
    [partialFinding()],
    occasion(request({ name: undefined, object: { metadata: { generateName: 'exp-' } } })),
    [
      'Job/exp-..., init container "fetch": busybox:1.36 moves to each new 1.36.z; write busybox:1.36.<patch>, until then imagePullPolicy: Always. [partialTag]',
    ],
  ],
  [
    'no image to speak of',
    [finding({ image: '', problem: 'is a number', remedy: undefined, rule: 'invalidReference' })],
    occasion(),
    [
      'Job/resnet, container "trainer": spec.template.spec.containers[0].image is a number; use a tag that is pushed once. [invalidReference]',
    ],
  ],
  [
    'where a pull policy comes from that nobody wrote, though briefly',
    [
      finding({
        rule: 'needlessPull',
        image: 'vision/resnet:1.4.2',
        problem: 'names one version: 1.4.2, yet imagePullPolicy Always asks the registry at each start',
        remedy: { pullPolicy: 'IfNotPresent', sentence: 'set imagePullPolicy: IfNotPresent' },
      }),
    ],
    { ...occasion(), changes: { ...ALL_NEW, keptPolicyFrom: () => 'vision/resnet' } },
    [
      'Job/resnet, container "trainer": vision/resnet:1.4.2 names one version: 1.4.2, yet imagePullPolicy Always asks the registry at each start; set imagePullPolicy: IfNotPresent; Always is kept from vision/resnet. [needlessPull]',
    ],
  ],
  [
    'a long image loses its registry before anything else is lost',
    [
      finding({
        image: `registry.example.com/${long}:latest`,
        problem: 'changes with every push to the branch it is built of',
        remedy: {
          image: `registry.example.com/${long}:<version>`,
          sentence: `write registry.example.com/${long}:<version>`,
        },
      }),
    ],
    occasion(),
    [
      `Job/resnet, container "trainer": ${long}:latest changes with every push to the branch it is built of; write registry.example.com/${long}:<version>. [latestTag]`,
    ],
  ],
  [
    'a command that is too long becomes a request',
    [
      finding({
        rule: 'expiringImage',
        image: `volatile.example.com/${long}:1`,
        problem: 'is deleted by volatile.example.com after 24 hours',
        remedy: {
          image: `registry.example.com/${long}:1`,
          command: `crane copy volatile.example.com/${long}:1 registry.example.com/${long}:1`,
          sentence: `run crane copy volatile.example.com/${long}:1 registry.example.com/${long}:1, then write registry.example.com/${long}:1`,
        },
      }),
    ],
    occasion(),
    [
      `Job/resnet, container "trainer": ${long}:1 is deleted by volatile.example.com after 24 hours; copy it to registry.example.com/${long}:1 and write that. [expiringImage]`,
    ],
  ],
]

for (const [what, findings, around, warnings] of cases) {
  t.test(what, async (t) => t.same(warningsOf(findings, around), warnings))
}

t.test('a hint is given up before the advice', async (t) => {
  const [line] = warningsOf([partialFinding({ hint: 'perhaps '.repeat(20).trim() })], occasion())
  t.match(line, /: busybox:1\.36 moves .*, until then imagePullPolicy: Always\. \[partialTag\]$/)
})

t.test('the important ones come first', async (t) => {
  const of = (rule: Finding['rule'], deniedFrom?: string) =>
    finding({ rule, deniedFrom, container: at(0), image: `${rule}:${deniedFrom}` })
  const findings = [
    of('needlessPull'),
    of('latestTag', '2027-01-11'),
    of('stalePull'),
    of('partialTag', '2026-12-07'),
    of('invalidReference'),
    of('latestTag', '2026-12-07'),
  ]
  t.same(
    warningsOf(findings, occasion()).map((line) => line.match(/ (\w+:\S+) changes/)?.[1]),
    [
      'latestTag:2026-12-07',
      'partialTag:2026-12-07',
      'latestTag:2027-01-11',
      'invalidReference:undefined',
      'stalePull:undefined',
      'needlessPull:undefined',
    ],
  )
})

const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    finding({
      rule: 'floatingTag',
      container: at(index),
      image: `a:v${index}`,
      problem: 'moves',
      remedy: undefined,
    }),
  )

t.test('ten lines are said, of more the last one counts the rest', async (t) => {
  t.equal(warningsOf(many(10), occasion()).length, 10)
  const lines = warningsOf(many(12), occasion())
  t.equal(lines.length, 10)
  t.equal(lines[9], 'Job/resnet: 3 more findings, see the others with: tallyman lint -f FILE')
})

t.test('no findings, no warnings', async (t) => t.same(warningsOf([], occasion()), []))

t.test('nothing that a finding holds adds a line, and all bounds hold', async () => {
  fc.assert(
    fc.property(anyFindings, anyOccasion, (findings, around) => {
      const lines = warningsOf(findings, around)
      return (
        lines.length > 0 &&
        lines.length <= 10 &&
        lines.every((line) => isPlainLine(line) && line.length <= 256) &&
        lines.join('').length <= 2000 &&
        lines.every(
          (line, index) => /\[\w+\]$/.test(line) || (index === lines.length - 1 && line.endsWith('FILE')),
        )
      )
    }),
    { numRuns: 300 },
  )
})
