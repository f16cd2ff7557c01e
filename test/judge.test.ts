import t from 'tap'
import { judge, MAX_EXEMPTION_TRIES } from '../src/judge.ts'
import { parsePolicy } from '../src/policy/parse.ts'
import type { Policy } from '../src/policy/policy.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const VOLATILE = 'volatile-registry.console.elementai.com'
const KEEPING = 'registry.console.elementai.com'

interface Case {
  readonly title: string
  /** Lines of the policy under `spec:`; `mode: enforce` alone where absent. */
  readonly spec?: readonly string[]
  readonly container: Record<string, unknown>
  readonly kind?: 'Pod' | 'Deployment'
  readonly list?: 'containers' | 'ephemeralContainers'
  /** `[rule, mode]` of each finding. */
  readonly findings: readonly [rule: string, mode: string][]
  readonly remedy?: Record<string, unknown>
  readonly problem?: string
}

const CLUSTER = [
  'cluster:',
  '  registries:',
  `    - host: ${VOLATILE}`,
  '      retention: {default: 24h, suffix: true, maximum: {days: 90, months: 3}}',
  `    - host: ${KEEPING}`,
]

const cases: readonly Case[] = [
  {
    title: 'a version tag has no finding',
    container: { image: 'nginx:1.27.3', imagePullPolicy: 'IfNotPresent' },
    findings: [],
  },
  {
    title: 'latest as the API server fills it in',
    container: { image: 'nginx:latest', imagePullPolicy: 'Always' },
    findings: [['latestTag', 'enforce']],
    remedy: { image: 'nginx:<version>', pullPolicy: 'IfNotPresent' },
  },
  {
    title: 'latest without a pull policy leaves it out',
    container: { image: 'nginx' },
    findings: [['latestTag', 'enforce']],
    remedy: { image: 'nginx:<version>', pullPolicy: undefined },
  },
  {
    title: 'a partial tag names what is missing and offers the digest',
    container: { image: 'busybox:1.36', imagePullPolicy: 'Always' },
    findings: [['partialTag', 'enforce']],
    remedy: {
      image: 'busybox:1.36.<patch>',
      alternative: 'busybox:1.36@sha256:<digest>',
      pullPolicy: 'IfNotPresent',
    },
  },
  {
    title: 'a partial tag that is not pulled again is one finding that tells of both',
    container: { image: 'busybox:1.36-musl', imagePullPolicy: 'IfNotPresent' },
    findings: [['partialTag', 'enforce']],
    remedy: { image: 'busybox:1.36.<patch>-musl', pullPolicy: undefined },
    problem: 'moves to each new 1.36.z, but imagePullPolicy IfNotPresent keeps the copy a node already has',
  },
  {
    title: 'the stricter of a tag rule and stalePull reports',
    spec: ['mode: enforce', 'rules: {floatingTag: warn, stalePull: enforce}'],
    container: { image: 'redis:alpine', imagePullPolicy: 'IfNotPresent' },
    findings: [['stalePull', 'enforce']],
    remedy: {
      image: 'redis:<version>-alpine',
      sentence: 'write redis:<version>-alpine, until then imagePullPolicy: Always',
    },
  },
  {
    title: 'stalePull alone is settled by the pull policy',
    spec: ['mode: enforce', 'rules: {floatingTag: disabled}'],
    container: { image: 'redis:alpine', imagePullPolicy: 'IfNotPresent' },
    findings: [['stalePull', 'warn']],
    remedy: { image: undefined, pullPolicy: 'Always', sentence: 'set imagePullPolicy: Always' },
  },
  {
    title: 'needlessPull alone is settled by the pull policy',
    container: { image: 'redis:7.2.4', imagePullPolicy: 'Always' },
    findings: [['needlessPull', 'warn']],
    remedy: { image: undefined, pullPolicy: 'IfNotPresent' },
  },
  {
    title: 'where digests are required the remedy has one',
    spec: ['mode: enforce', 'rules: {digestMissing: enforce}'],
    container: { image: 'nginx:1.27', imagePullPolicy: 'IfNotPresent' },
    findings: [
      ['partialTag', 'enforce'],
      ['digestMissing', 'enforce'],
    ],
    remedy: { image: 'nginx:1.27@sha256:<digest>', alternative: undefined },
  },
  {
    title: 'an image that is deleted is copied to a registry that keeps it',
    spec: ['mode: enforce', ...CLUSTER],
    kind: 'Deployment',
    container: { image: `${VOLATILE}/team/a:1.4.2-7days`, imagePullPolicy: 'IfNotPresent' },
    findings: [['expiringImage', 'warn']],
    remedy: {
      image: `${KEEPING}/team/a:1.4.2`,
      command: `crane copy ${VOLATILE}/team/a:1.4.2-7days ${KEEPING}/team/a:1.4.2`,
    },
  },
  {
    title: 'and gets a fixed tag on the way',
    spec: ['mode: enforce', ...CLUSTER],
    kind: 'Deployment',
    container: { image: `${VOLATILE}/team/a:latest`, imagePullPolicy: 'Always' },
    findings: [
      ['latestTag', 'enforce'],
      ['expiringImage', 'warn'],
    ],
    remedy: { image: `${KEEPING}/team/a:<version>`, pullPolicy: 'IfNotPresent' },
  },
  {
    title: 'a retention suffix stays where it is honoured',
    spec: ['mode: enforce', ...CLUSTER],
    container: { image: `${VOLATILE}/team/a:latest-7days`, imagePullPolicy: 'IfNotPresent' },
    findings: [['latestTag', 'enforce']],
    remedy: { image: `${VOLATILE}/team/a:<version>-7days` },
  },
  {
    title: 'a misspelt suffix is mended',
    spec: ['mode: enforce', ...CLUSTER],
    container: { image: `${VOLATILE}/team/a:1.4.2-2weeks` },
    findings: [['expiringImage', 'warn']],
    remedy: { image: `${VOLATILE}/team/a:1.4.2-14days` },
  },
  {
    title: 'a mistake in the reference is mended together with what is wrong besides',
    container: { image: 'Nginx:1' },
    findings: [['invalidReference', 'enforce']],
    remedy: { image: 'nginx:1.<minor>.<patch>' },
  },
  {
    title: 'an image that is a number is a finding',
    container: { image: 42 },
    findings: [['invalidReference', 'enforce']],
    problem: 'is a number where a text belongs',
  },
  {
    title: 'a nightly build has its version where nightly stands',
    container: { image: 'team/app:nightly-alpine', imagePullPolicy: 'Always' },
    findings: [['floatingTag', 'warn']],
    remedy: { image: 'team/app:<version>-alpine' },
  },
  {
    title: 'a snapshot of a version becomes that version',
    container: { image: 'team/app:1.2.3-SNAPSHOT', imagePullPolicy: 'Always' },
    findings: [['floatingTag', 'warn']],
    remedy: { image: 'team/app:1.2.3' },
  },
  {
    title: 'a bare number may be a counter',
    container: { image: 'team/exp:42', imagePullPolicy: 'Always' },
    findings: [['partialTag', 'enforce']],
    remedy: { comment: 'if 42 is your own counter: push it as run-42' },
  },
  {
    title: 'an ephemeral container has a ceiling of its own',
    list: 'ephemeralContainers',
    container: { image: 'busybox', imagePullPolicy: 'Always' },
    findings: [['latestTag', 'warn']],
  },
  {
    title: 'an exemption silences one rule and leaves the rest',
    spec: [
      'mode: enforce',
      'exemptions: [{name: x, images: ["redis:alpine"], rules: [floatingTag], reason: because}]',
    ],
    container: { image: 'redis:alpine', imagePullPolicy: 'IfNotPresent' },
    findings: [['stalePull', 'warn']],
    remedy: { image: undefined, pullPolicy: 'Always' },
  },
  {
    title: 'the switch is the mildest',
    spec: ['mode: audit'],
    container: { image: 'nginx', imagePullPolicy: 'Always' },
    findings: [['latestTag', 'audit']],
  },
  {
    title: 'a disabled switch finds nothing',
    spec: ['mode: disabled'],
    container: { image: 'nginx' },
    findings: [],
  },
]

function policyOf(spec: readonly string[] = ['mode: enforce']): Policy {
  const lines = ['apiVersion: tallyman.dev/v1alpha1', 'kind: TagPolicy', 'metadata: {name: default}', 'spec:']
  return parsePolicy([...lines, ...spec.map((line) => `  ${line}`)].join('\n'), 'policy.yaml')
}

function judged({ kind = 'Pod', list = 'containers', container }: Case) {
  const spec = { containers: [], [list]: [{ name: 'main', ...container }] }
  const object = kind === 'Pod' ? { spec } : { spec: { template: { spec } } }
  const group = kind === 'Pod' ? '' : 'apps'
  return { group, kind, object, namespace: { name: 'team-a', labels: {} } }
}

for (const each of cases) {
  t.test(each.title, async (t) => {
    const { findings } = judge(judged(each), policyOf(each.spec), NOW)
    t.same(
      findings.map(({ rule, mode }) => [rule, mode]),
      each.findings,
    )
    if (each.problem !== undefined) t.equal(findings[0]?.problem, each.problem)
    if (each.remedy !== undefined) t.match({ ...findings[0]?.remedy() }, each.remedy)
  })
}

t.test('until enforceFrom a finding warns and says from when it is denied', async (t) => {
  const policy = policyOf(['mode: enforce', 'enforceFrom: 2026-12-07'])
  const latest = judged({ title: '', findings: [], container: { image: 'nginx' } })
  t.match(judge(latest, policy, NOW).findings, [{ mode: 'warn', deniedFrom: '2026-12-07' }])
  t.match(judge(latest, policy, new Date('2026-12-06T23:59:59Z')).findings, [{ mode: 'warn' }])
  const [denied] = judge(latest, policy, new Date('2026-12-07T00:00:00Z')).findings
  t.match(denied, { mode: 'enforce', deniedFrom: undefined })
})

t.test('a rule that only warns is never denied later', async (t) => {
  const policy = policyOf(['mode: enforce', 'enforceFrom: 2026-12-07'])
  const floating = judged({
    title: '',
    findings: [],
    container: { image: 'redis:alpine', imagePullPolicy: 'Always' },
  })
  t.match(judge(floating, policy, NOW).findings, [{ mode: 'warn', deniedFrom: undefined }])
})

t.test('an exemption is valid through its last day, and is named when it has run out', async (t) => {
  const policy = policyOf([
    'mode: enforce',
    'exemptions: [{name: vendor, images: ["vendor/agent"], reason: theirs, expires: 2026-11-23}]',
  ])
  const agent = judged({ title: '', findings: [], container: { image: 'vendor/agent' } })
  const before = judge(agent, policy, new Date('2026-11-23T23:59:59Z'))
  t.same(before.findings, [])
  t.same(
    before.exemptions.map(({ name }) => name),
    ['vendor'],
  )
  const after = judge(agent, policy, new Date('2026-11-24T00:00:00Z'))
  t.equal(after.findings[0]?.expired?.name, 'vendor')
  t.same(after.exemptions, [])
})

t.test('exemptions are looked for as often as the time of a review allows', async (t) => {
  const globs = 100
  const images = [...Array.from({ length: globs - 1 }, (_, index) => `agent-${index}:*`), 'agent:*']
  const policy = policyOf([
    'mode: enforce',
    `exemptions: [{name: agent, images: ${JSON.stringify(images)}, reason: pinned by its installer}]`,
  ])
  const exemptable = MAX_EXEMPTION_TRIES / globs
  const ask = (images: readonly string[]) => {
    const containers = images.map((image, index) => ({ name: `c${index}`, image }))
    const object = { spec: { containers } }
    const judged = { group: '', kind: 'Pod', object, namespace: { name: 'team-a', labels: {} } }
    return judge(judged, policy, NOW).findings.map(({ container }) => container.name)
  }
  const exempt = Array<string>(exemptable).fill('agent:latest')
  t.same(ask(exempt), [])
  t.same(ask(['nginx:1.2.3', ...exempt]), [], 'what is in order does not count')
  t.same(ask([...exempt, 'agent:latest']), [`c${exemptable}`])
})

t.test('the strictest come first, then the order of the object', async (t) => {
  const object = {
    spec: {
      containers: [
        { name: 'a', image: 'redis:alpine' },
        { name: 'b', image: 'nginx' },
        { name: 'c', image: 'redis:7.2.4', imagePullPolicy: 'Always' },
        { name: 'd', image: 'nginx:1' },
      ],
    },
  }
  const judgement = judge(
    { group: '', kind: 'Pod', object, namespace: { name: '', labels: {} } },
    policyOf(),
    NOW,
  )
  t.same(
    judgement.findings.map(({ container }) => container.name),
    ['b', 'd', 'a', 'c'],
  )
  t.equal(judgement.images, 4)
})

t.test('a ceiling limits the mode of a container', async (t) => {
  const latest = judged({ title: '', findings: [], container: { image: 'nginx' } })
  t.match(judge(latest, policyOf(), NOW, () => 'audit').findings, [{ mode: 'audit' }])
  t.same(judge(latest, policyOf(), NOW, () => 'disabled').findings, [])
})

t.test('a kind that is not known has no findings', async (t) => {
  const other = {
    group: 'example.com',
    kind: 'Thing',
    object: { spec: 1 },
    namespace: { name: '', labels: {} },
  }
  t.match(judge(other, policyOf(), NOW), { findings: [], images: 0 })
})
