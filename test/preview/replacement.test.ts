import fc from 'fast-check'
import t from 'tap'
import { type Finding, judge } from '../../src/judge.ts'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'
import { type Replacement, replacementFor } from '../../src/preview/replacement.ts'
import { fillPlaceholders } from '../../src/rules/placeholders.ts'
import { policyOf } from './cluster.ts'
import { DIGEST, podSpec } from './objects.ts'

const NOW = new Date('2026-11-27T12:00:00Z')
const VOLATILE = 'volatile-registry.console.elementai.com/team/app'
const KEPT = 'registry.console.elementai.com/team/app'

const STANDARD = policyOf({ mode: 'enforce' })

function denied(image: string, pullPolicy: string | undefined, policy = STANDARD, kind = 'apps/Deployment') {
  const [group = '', name = ''] = kind.split('/')
  const object = { metadata: { name: 'a' }, spec: { template: { spec: podSpec(image, pullPolicy) } } }
  const judged = { group, kind: name, object, namespace: { name: 'team-a', labels: {} } }
  return judge(judged, policy, NOW).findings.filter(({ mode }) => mode === 'enforce')
}

function replacement(findings: readonly Finding[], digest: string | undefined): Replacement | undefined {
  const [first] = findings
  if (first === undefined) return undefined
  const rules = findings.map(({ rule }) => rule)
  return replacementFor(first.remedy(), first.image, rules, digest)
}

const cases: [
  image: string,
  pullPolicy: string | undefined,
  running: Replacement,
  unknown: Replacement,
  why: string,
][] = [
  [
    'busybox:1.36',
    undefined,
    { image: `busybox:1.36@${DIGEST}` },
    { image: 'busybox:1.36.<patch>' },
    'a tag that moves',
  ],
  ['nginx', 'Always', { image: `nginx@${DIGEST}` }, { image: 'nginx:<version>' }, 'no tag'],
  [
    'nginx:latest',
    'Always',
    { image: `nginx:latest@${DIGEST}` },
    { image: 'nginx:<version>' },
    'the tag stays for the eye',
  ],
  [
    `${VOLATILE}:1.4`,
    undefined,
    { image: `${KEPT}:1.4@${DIGEST}`, command: `crane copy ${VOLATILE}:1.4@${DIGEST} ${KEPT}:1.4` },
    { image: `${KEPT}:1.4.<patch>`, command: `crane copy ${VOLATILE}:1.4 ${KEPT}:1.4.<patch>` },
    'a registry that deletes: what runs is copied',
  ],
  [
    `${VOLATILE}:latest`,
    undefined,
    { image: `${KEPT}:<version>`, command: `crane copy ${VOLATILE}:latest ${KEPT}:<version>` },
    { image: `${KEPT}:<version>`, command: `crane copy ${VOLATILE}:latest ${KEPT}:<version>` },
    'a version there is for somebody to choose',
  ],
]
for (const [image, pullPolicy, running, unknown, why] of cases) {
  t.test(`${image}: ${why}`, async (t) => {
    const findings = denied(image, pullPolicy)
    t.match(replacement(findings, DIGEST), running)
    t.match(replacement(findings, undefined), unknown)
  })
}

t.test('where a pull policy is all that is asked for, the image stays', async (t) => {
  const policy = policyOf({ mode: 'enforce', rules: { partialTag: 'disabled', stalePull: 'enforce' } })
  t.match(replacement(denied('busybox:1.36', undefined, policy), DIGEST), {
    image: undefined,
    pullPolicy: 'Always',
    pullPolicyField: 'imagePullPolicy',
  })
})

t.test('what no digest mends keeps its own remedy, and what has one keeps that', async (t) => {
  const invalid = denied('Nginx:1.25.3', undefined)
  t.equal(replacement(invalid, DIGEST)?.image, 'nginx:1.25.3')
  t.equal(replacementFor(undefined, '{{ image }}', ['invalidReference'], DIGEST), undefined)
  t.equal(replacementFor(undefined, `a@${DIGEST}`, ['digestMissing'], `sha256:${'b'.repeat(64)}`), undefined)
})

t.test('whatever is denied, its replacement is not', async () => {
  const image = fc
    .record({
      name: fc.constantFrom('busybox', 'example.com/team/app', VOLATILE, KEPT),
      tag: fc.constantFrom(
        '',
        ':latest',
        ':1',
        ':1.36-alpine',
        ':stable',
        ':main',
        ':1.2.3',
        ':blue',
        ':1.4-7days',
        ':42',
      ),
    })
    .map(({ name, tag }) => name + tag)
  const mode = fc.constantFrom('enforce', 'warn', 'disabled')
  const rules = fc.record(Object.fromEntries(RULE_IDS.map((rule) => [rule, mode])))
  const pullPolicy = fc.constantFrom(undefined, 'Always', 'IfNotPresent')
  const kind = fc.constantFrom('apps/Deployment', 'batch/Job')
  const digest = fc.constantFrom(undefined, DIGEST)
  fc.assert(
    fc.property(image, pullPolicy, rules, kind, digest, (image, pullPolicy, rules, kind, digest) => {
      const policy = policyOf({ mode: 'enforce', rules })
      const instead = replacement(denied(image, pullPolicy, policy, kind), digest)
      if (instead === undefined) return true
      const written = fillPlaceholders(instead.image ?? image)
      return denied(written, instead.pullPolicy ?? pullPolicy, policy, kind).length === 0
    }),
    { numRuns: 500 },
  )
})
