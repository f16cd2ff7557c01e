import fc from 'fast-check'
import t from 'tap'
import { ALL_NEW, type Changes } from '../../src/admission/changes.ts'
import { type Ending, endingExemptions, endingWarning } from '../../src/admission/ending-exemptions.ts'
import { type Finding, judge } from '../../src/judge.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { anyFindings, anyOccasion, isPlainLine } from './anything.ts'
import { finding, occasion } from './samples.ts'
import { policyOf } from './views.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const AGENT = { name: 'agent', image: 'vendor.example.com/agent:latest', imagePullPolicy: 'Always' }
const exemption = (more: object = {}) => ({
  name: 'vendor-agent',
  images: ['vendor.example.com/agent'],
  reason: 'their installer pins it itself',
  expires: '2026-12-01',
  ...more,
})

/** What ends soon for a Pod: exemption, last day, and each finding to come with its mode. */
function endings(spec: object, containers: object[] = [AGENT], changes: Changes = ALL_NEW, now = NOW) {
  const policy: Policy = policyOf('default', spec)
  const judged = {
    group: '',
    kind: 'Pod',
    object: { spec: { containers } },
    namespace: { name: 'team-a', labels: {} },
  }
  const judgeAt = (time: Date) => judge(judged, policy, time)
  return endingExemptions(judgeAt(now), judgeAt, changes, now).map(
    ({ exemption, lastDay, findings }) =>
      `${exemption.name} ${lastDay}: ${findings.map(({ rule, mode }) => `${mode} ${rule}`).join(', ')}`,
  )
}

const enforced = (...exemptions: object[]) => ({ mode: 'enforce', exemptions })
const cases: [what: string, spec: object, said: string[]][] = [
  ['in its last days', enforced(exemption()), ['vendor-agent 2026-12-01: enforce latestTag']],
  [
    'on its last day',
    enforced(exemption({ expires: '2026-11-23' })),
    ['vendor-agent 2026-11-23: enforce latestTag'],
  ],
  [
    'fourteen days ahead',
    enforced(exemption({ expires: '2026-12-07' })),
    ['vendor-agent 2026-12-07: enforce latestTag'],
  ],
  ['fifteen days ahead', enforced(exemption({ expires: '2026-12-08' })), []],
  ['without an end', enforced(exemption({ expires: undefined })), []],
  ['over', enforced(exemption({ expires: '2026-11-22' })), []],
  ['of another image', enforced(exemption({ images: ['busybox'] })), []],
  [
    'and then warned about',
    { mode: 'warn', exemptions: [exemption()] },
    ['vendor-agent 2026-12-01: warn latestTag'],
  ],
  ['and then only audited', { mode: 'audit', exemptions: [exemption()] }, []],
  [
    'but another one goes on',
    enforced(exemption(), { name: 'for-good', images: ['vendor.example.com/**'], reason: 'r' }),
    [],
  ],
  [
    'but another one goes on a little longer, which is told of when it is the one in use',
    enforced(exemption(), exemption({ name: 'longer', expires: '2026-12-03' })),
    [],
  ],
  [
    'beside one that ended long ago',
    enforced(exemption({ name: 'old', expires: '2026-01-31' }), exemption()),
    ['vendor-agent 2026-12-01: enforce latestTag'],
  ],
  [
    'and by then its day has come',
    { mode: 'enforce', enforceFrom: '2026-11-30', exemptions: [exemption()] },
    ['vendor-agent 2026-12-01: enforce latestTag'],
  ],
]
for (const [what, spec, said] of cases)
  t.test(`an exemption ${what}`, async (t) => t.same(endings(spec), said))

t.test('only what is new or changed is told of', async (t) => {
  const [one, other] = [AGENT, { ...AGENT, name: 'second' }]
  const changes: Changes = { ...ALL_NEW, isUnchanged: ({ name }) => name === 'agent' }
  t.same(endings(enforced(exemption()), [one], changes), [])
  t.same(endings(enforced(exemption()), [one, other], changes), [
    'vendor-agent 2026-12-01: enforce latestTag',
  ])
})

t.test('an object with very many images is looked at once', async (t) => {
  const containers = Array.from({ length: 201 }, (_, index) => ({ ...AGENT, name: `a${index}` }))
  t.same(endings(enforced(exemption()), containers), [])
})

const made = policyOf('default', enforced(exemption())).exemptions[0] as Ending['exemption']
const ending = (change: Partial<Finding> = {}, more: Partial<Ending['exemption']> = {}): Ending => ({
  exemption: { ...made, ...more },
  lastDay: '2026-12-01',
  findings: [finding(change)],
})
const lines: [what: string, ending: Ending, line: string][] = [
  [
    'denied afterwards',
    ending({ image: 'vendor.example.com/agent:latest', remedy: () => undefined }),
    'Job/resnet, container "trainer": vendor.example.com/agent:latest is exempt only until 2026-12-01, by "vendor-agent" (their installer pins it itself); until then use a tag that is pushed once. Denied from 2026-12-02. [latestTag]',
  ],
  [
    'warned about afterwards',
    ending({ image: 'a:latest', mode: 'warn', remedy: () => undefined }),
    'Job/resnet, container "trainer": a:latest is exempt only until 2026-12-01, by "vendor-agent" (their installer pins it itself); until then use a tag that is pushed once. Warned about from 2026-12-02. [latestTag]',
  ],
  [
    'warned about until a day',
    ending({ image: 'a:latest', mode: 'warn', deniedFrom: '2027-01-11', remedy: () => undefined }),
    'Job/resnet, container "trainer": a:latest is exempt only until 2026-12-01, by "vendor-agent" (their installer pins it itself); until then use a tag that is pushed once. Warned about from 2026-12-02, denied from 2027-01-11. [latestTag]',
  ],
  [
    'a long reason is cut before the advice',
    ending({ image: 'a:latest', remedy: () => undefined }, { reason: 'because '.repeat(40) }),
    'Job/resnet, container "trainer": a:latest is exempt only until 2026-12-01, by "vendor-agent" (because because because because because because because...); until then use a tag that is pushed once. Denied from 2026-12-02. [latestTag]',
  ],
]
for (const [what, of, line] of lines) t.test(what, async (t) => t.equal(endingWarning(of, occasion()), line))

t.test('whatever it says, it is one plain line of bounded length', async () => {
  fc.assert(
    fc.property(anyFindings, anyOccasion, fc.string({ unit: 'binary' }), (findings, around, text) => {
      const [first, ...others] = findings as [Finding, ...Finding[]]
      const line = endingWarning(
        {
          exemption: { ...made, name: text, reason: text },
          lastDay: '2026-12-01',
          findings: [first, ...others],
        },
        around,
      )
      return isPlainLine(line) && line.length <= 256 && /\[\w+\]$/.test(line)
    }),
  )
})
