import fc from 'fast-check'
import t from 'tap'
import { ALL_NEW } from '../../src/admission/changes.ts'
import type { Occasion } from '../../src/admission/occasion.ts'
import { warningsOf } from '../../src/admission/warnings.ts'
import { type Finding, judge } from '../../src/judge.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
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
    [finding({ rule: 'floatingTag', image: 'redis:alpine', problem: 'moves', remedy: () => undefined })],
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
    [finding({ image: '', problem: 'is a number', remedy: () => undefined, rule: 'invalidReference' })],
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
        remedy: () => ({ pullPolicy: 'IfNotPresent', sentence: 'set imagePullPolicy: IfNotPresent' }),
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
        remedy: () => ({
          image: `registry.example.com/${long}:<version>`,
          sentence: `write registry.example.com/${long}:<version>`,
        }),
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
        remedy: () => ({
          image: `registry.example.com/${long}:1`,
          command: `crane copy volatile.example.com/${long}:1 registry.example.com/${long}:1`,
          sentence: `run crane copy volatile.example.com/${long}:1 registry.example.com/${long}:1, then write registry.example.com/${long}:1`,
        }),
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
      remedy: () => undefined,
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

const DIGEST = `sha256:${'a1'.repeat(32)}`
const VOLATILE = 'volatile-registry.console.elementai.com'

/** A legal image of less than 120 characters: as long a path as there is room for. */
const images = fc
  .record({
    registry: fc.constantFrom('', `${VOLATILE}/`, 'registry.console.elementai.com/', 'mcr.microsoft.com/'),
    path: fc.stringMatching(/^[a-z]{1,12}(?:[-/][a-z]{1,12}){0,6}$/),
    end: fc.constantFrom(
      '',
      ':latest',
      ':3.5-latest',
      ':1.2.3-7days',
      ':1.4.2-120days',
      ':1.4.2-10day',
      ':12-slim-bookworm',
      ':ltsc2022',
      ':main',
      ':1.4.2',
      `@${DIGEST}`,
    ),
  })
  .map(({ registry, path, end }) => {
    const room = 119 - registry.length - end.length
    return registry + path.slice(0, room).replace(/[-/]$/, '') + end
  })
const STRICT = parsePolicy(
  `apiVersion: tallyman.dev/v1alpha1
kind: TagPolicy
metadata: {name: default}
spec: {mode: enforce, enforceFrom: 2026-12-07, rules: {digestMissing: enforce}}`,
  'policy.yaml',
)
const ofLength = (max: number) => fc.integer({ min: 1, max }).map((length) => 'x'.repeat(length))

const kept: [image: string, warning: string][] = [
  [
    `${VOLATILE}/team-language/some-longer-name/bert-trainer:1.2.3-7days`,
    'team-language/some-longer-name/bert-trainer:1.2.3-7days is deleted after 7 days; copy it to registry.console.elementai.com and use it from there. [expiringImage]',
  ],
  [
    `${VOLATILE}/team/app@${DIGEST}`,
    'team/app@sha256:a1a1a1a1a1a1 is deleted after 24 hours; copy it to registry.console.elementai.com/team/app with the same digest and write that. [expiringImage]',
  ],
  [
    'mcr.microsoft.com/windows/servercore:ltsc2022',
    'windows/servercore:ltsc2022 moves, but is not pulled again; write mcr.microsoft.com/windows/servercore:<version>-ltsc2022. [floatingTag]',
  ],
]
for (const [image, warning] of kept) {
  t.test(`${image} in fewer words`, async (t) => {
    const object = {
      spec: { template: { spec: { containers: [{ name: 'averylongcontainername', image }] } } },
    }
    const judged = { group: 'apps', kind: 'Deployment', object, namespace: { name: 'team-a', labels: {} } }
    const { findings } = judge(judged, builtInPolicy(), new Date('2026-11-23T12:00:00Z'))
    const around = occasion(
      request({ kind: { group: 'apps', version: 'v1', kind: 'Deployment' }, name: 'bert-trainer' }),
    )
    t.same(warningsOf(findings, around), [
      `Deployment/bert-trainer, container "averylongcontainername": ${warning}`,
    ])
  })
}

t.test('whatever has to be left out of a warning, it says what is wrong', async () => {
  const verb = / (?:is|moves|changes|has|asks|ends)\b/
  fc.assert(
    fc.property(
      images,
      fc.constantFrom(undefined, 'Always', 'IfNotPresent', 'Never'),
      fc.constantFrom('Deployment', 'StatefulSet'),
      ofLength(253),
      ofLength(63),
      (image, imagePullPolicy, kind, name, container) => {
        const object = {
          spec: { template: { spec: { containers: [{ name: container, image, imagePullPolicy }] } } },
        }
        const judged = { group: 'apps', kind, object, namespace: { name: 'team-a', labels: {} } }
        const { findings } = judge(judged, STRICT, new Date('2026-11-23T12:00:00Z'))
        const around = occasion(request({ kind: { group: 'apps', version: 'v1', kind }, name }))
        return findings.every((finding) => {
          const [line = ''] = warningsOf([finding], around)
          return line.length <= 256 && verb.test(line)
        })
      },
    ),
    { numRuns: 2_000 },
  )
})
