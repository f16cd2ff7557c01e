import t from 'tap'
import {
  actionText,
  adviceFor,
  adviceSentence,
  explanations,
  problemText,
  shortAdvice,
  shortExplanation,
} from '../../src/admission/advice.ts'
import { ALL_NEW, type Changes } from '../../src/admission/changes.ts'
import type { Occasion } from '../../src/admission/occasion.ts'
import type { Finding } from '../../src/judge.ts'
import type { Exemption } from '../../src/policy/policy.ts'
import { container, finding, occasion, partialFinding, podRequest } from './samples.ts'

const creation = occasion()
const podUpdate = occasion(podRequest({ operation: 'UPDATE' }))
const stale = finding({
  rule: 'stalePull',
  image: 'nginx:stable',
  action: 'set imagePullPolicy: Always',
  remedy: () => ({ pullPolicy: 'Always', sentence: 'set imagePullPolicy: Always' }),
})
const needless = finding({
  rule: 'needlessPull',
  image: 'nginx:1.27.3',
  remedy: () => ({ pullPolicy: 'IfNotPresent', sentence: 'set imagePullPolicy: IfNotPresent' }),
})
const volume = finding({
  container: container({
    list: 'volumes',
    name: 'model',
    pullPolicyField: 'pullPolicy',
    field: 'spec.volumes[0].image.reference',
  }),
})
const copied = finding({
  rule: 'expiringImage',
  action: 'use a registry that keeps images',
  remedy: () => ({
    image: 'registry.example.com/a:1',
    command: 'crane copy volatile.example.com/a:1 registry.example.com/a:1',
    sentence:
      'run crane copy volatile.example.com/a:1 registry.example.com/a:1, then write registry.example.com/a:1',
  }),
})
const number = finding({
  rule: 'invalidReference',
  image: '',
  action: 'write a legal image reference',
  remedy: () => undefined,
})
const anew = 'make the Pod anew: its imagePullPolicy cannot be changed'

/** `yaml # remark # remark` for each line, then `# note` for each note. */
const written = (advice: ReturnType<typeof adviceFor>) => [
  ...advice.lines.map(({ text, remarks }) => [text, ...remarks].join(' # ')),
  ...advice.notes.map((note) => `# ${note}`),
]

const cases: [what: string, Finding, Occasion, lines: string[], sentence: string][] = [
  [
    'a tag and a pull policy',
    finding(),
    creation,
    [
      'image: registry.example.com/vision/resnet:<version> # 20261123, 1.4.2 or the git commit',
      'imagePullPolicy: IfNotPresent',
    ],
    'write registry.example.com/vision/resnet:<version> and imagePullPolicy: IfNotPresent',
  ],
  [
    'a second way',
    partialFinding(),
    creation,
    ['image: busybox:1.36.<patch> # or busybox:1.36@sha256:<digest>'],
    'write busybox:1.36.<patch>, until then imagePullPolicy: Always',
  ],
  [
    'an image volume has fields of its own',
    volume,
    creation,
    [
      'reference: registry.example.com/vision/resnet:<version> # 20261123, 1.4.2 or the git commit',
      'pullPolicy: IfNotPresent',
    ],
    'write registry.example.com/vision/resnet:<version> and imagePullPolicy: IfNotPresent',
  ],
  [
    'a command first',
    copied,
    creation,
    [
      'image: registry.example.com/a:1',
      '# first run: crane copy volatile.example.com/a:1 registry.example.com/a:1',
    ],
    'run crane copy volatile.example.com/a:1 registry.example.com/a:1, then write registry.example.com/a:1',
  ],
  [
    'nothing is known to write',
    number,
    creation,
    ['# write a legal image reference'],
    'write a legal image reference',
  ],
  [
    'a stored Pod: its tag can be changed, its pull policy not',
    finding(),
    podUpdate,
    [
      'image: registry.example.com/vision/resnet:<version> # 20261123, 1.4.2 or the git commit',
      `# or ${anew}`,
    ],
    `write registry.example.com/vision/resnet:<version>, or ${anew}`,
  ],
  [
    'a stored Pod: a fixed tag is enough, and no promise of a pull policy',
    partialFinding(),
    podUpdate,
    ['image: busybox:1.36.<patch> # or busybox:1.36@sha256:<digest>'],
    'write busybox:1.36.<patch>',
  ],
  [
    'a stored Pod: a stale pull',
    stale,
    podUpdate,
    [
      '# use a fixed tag, or make the Pod anew with imagePullPolicy: Always, which cannot be changed on a Pod',
    ],
    'use a fixed tag, or make the Pod anew with imagePullPolicy: Always, which cannot be changed on a Pod',
  ],
  [
    'a stored Pod: a needless pull',
    needless,
    podUpdate,
    ['# make the Pod anew with imagePullPolicy: IfNotPresent, which cannot be changed on a Pod'],
    'make the Pod anew with imagePullPolicy: IfNotPresent, which cannot be changed on a Pod',
  ],
  [
    'a stored Pod: its volumes',
    volume,
    podUpdate,
    ['# make the Pod anew: its volumes cannot be changed'],
    'make the Pod anew: its volumes cannot be changed',
  ],
  [
    'a stored Pod: a container that is added for debugging has its own pull policy',
    finding({ container: container({ list: 'ephemeralContainers' }) }),
    podUpdate,
    [
      'image: registry.example.com/vision/resnet:<version> # 20261123, 1.4.2 or the git commit',
      'imagePullPolicy: IfNotPresent',
    ],
    'write registry.example.com/vision/resnet:<version> and imagePullPolicy: IfNotPresent',
  ],
]

for (const [what, found, around, lines, sentence] of cases) {
  t.test(what, async (t) => {
    t.same(written(adviceFor(found, around)), lines)
    t.equal(adviceSentence(found, around), sentence)
  })
}

const brief: [what: string, Finding, Occasion, advice: string][] = [
  ['a tag', partialFinding(), creation, 'write busybox:1.36.<patch>'],
  ['a copy', copied, creation, 'copy it to registry.example.com/a:1 and write that'],
  ['a pull policy', stale, creation, 'set imagePullPolicy: Always'],
  ['a stored Pod', finding(), podUpdate, 'use a tag that is pushed once'],
]

for (const [what, found, around, advice] of brief) {
  t.test(`in short: ${what}`, async (t) => t.equal(shortAdvice(found, around), advice))
}

const yaml: [image: string, line: string][] = [
  ['nginx:<version>', 'image: nginx:<version>'],
  ['<registry>/team/a:1', 'image: <registry>/team/a:1'],
  ['123:45', 'image: "123:45"'],
  ['nginx # x', 'image: "nginx # x"'],
]

for (const [image, line] of yaml) {
  t.test(`${line} is a text for every reader of YAML`, async (t) => {
    const found = finding({ remedy: () => ({ image, sentence: '' }) })
    t.equal(adviceFor(found, creation).lines[0]?.text, line)
  })
}

t.test('what explains a finding further', async (t) => {
  const changes: Changes = { ...ALL_NEW, keptPolicyFrom: () => 'registry.example.com/vision/resnet:1.4.2' }
  const expired: Exemption = {
    name: 'vendor-agent',
    reason: 'x',
    expires: '2026-10-31',
    globs: 1,
    matchesImage: () => true,
    matchesContainer: () => true,
    matchesNamespace: () => true,
  }
  const found = finding({ hint: 'test.com:5000 looks like a host: was a path forgotten?', expired })
  const around = { ...creation, changes }
  t.same(explanations(found, around), [
    'imagePullPolicy Always is kept from vision/resnet:1.4.2: kubectl keeps what it is not told to change',
    'test.com:5000 looks like a host: was a path forgotten?',
    'the exemption "vendor-agent" was valid until 2026-10-31',
  ])
  t.equal(shortExplanation(found, around), 'Always is kept from vision/resnet:1.4.2')
  t.equal(shortExplanation(found, creation), undefined)
  t.same(
    explanations({ ...finding(), rule: 'invalidReference' }, around),
    [],
    'a rule that looks at no pull policy',
  )
  t.same(explanations(finding(), { ...podUpdate, changes }), [], 'a Pod always keeps it')
})

t.test('clauses are plain text', async (t) => {
  t.equal(problemText(finding({ problem: 'a\nb' })), 'a\\u{a}b')
  t.equal(actionText(finding({ action: 'a\u001bb' })), 'a\\u{1b}b')
})
