import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { admit, type Verdict } from '../../src/admission/admit.ts'
import { type AdmissionRequest, readReview } from '../../src/admission/review.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { withMode } from '../../src/policy/with-mode.ts'
import { isPlainLine } from './anything.ts'
import { podRequest, request, serviceAccount } from './samples.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const ENFORCED = withMode(builtInPolicy(), 'enforce')

function policyOf(...spec: string[]): Policy {
  const lines = ['apiVersion: tallyman.dev/v1alpha1', 'kind: TagPolicy', 'metadata: {name: default}', 'spec:']
  return parsePolicy([...lines, ...spec.map((line) => `  ${line}`)].join('\n'), 'policy.yaml')
}

function decide(asked: AdmissionRequest, policy: Policy = ENFORCED): Promise<Verdict> {
  return admit(asked, { for: (name) => ({ policy, namespace: { name, labels: {} } }) }, NOW)
}

function sample(name: string): AdmissionRequest {
  const file = new URL(`../fixtures/reviews/${name}.json`, import.meta.url)
  return readReview(JSON.parse(readFileSync(file, 'utf8')))
}

const pod = (...containers: unknown[]) => ({ spec: { containers } })
const latest = { name: 'web', image: 'nginx:latest', imagePullPolicy: 'Always' }
const allowed = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }

const samples: [name: string, outcome: Verdict['outcome'], findings: string[], owned?: boolean][] = [
  ['clustertrainingruntime', 'denied', ['enforce partialTag']],
  ['cronjob-partial', 'denied', ['enforce partialTag']],
  ['deployment-floating', 'warned', ['warn floatingTag', 'warn expiringImage']],
  ['deployment-kept-policy', 'denied', ['enforce latestTag']],
  ['deployment-scaled', 'warned', ['warn latestTag']],
  ['job-generated-name', 'denied', ['enforce partialTag', 'enforce invalidReference']],
  ['job-several-images', 'denied', ['enforce latestTag', 'enforce partialTag']],
  ['pod-allowed', 'allowed', []],
  ['pod-debug', 'warned', ['warn partialTag']],
  ['pod-image-changed', 'warned', ['warn floatingTag']],
  ['pod-image-volume', 'denied', ['enforce latestTag']],
  ['pod-latest', 'denied', ['enforce latestTag']],
  ['pod-of-replicaset', 'allowed', ['audit latestTag'], true],
  ['pytorchjob', 'denied', ['enforce partialTag', 'enforce latestTag']],
]

for (const [name, outcome, findings, owned = false] of samples) {
  t.test(`the sample ${name} is ${outcome}`, async (t) => {
    const verdict = await decide(sample(name))
    t.equal(verdict.outcome, outcome)
    t.same(
      verdict.judgement?.findings.map(({ mode, rule }) => `${mode} ${rule}`),
      findings,
    )
    t.equal(verdict.owned, owned)
    const { response } = verdict.review
    t.equal(response.allowed, outcome !== 'denied')
    t.equal(response.status !== undefined, outcome === 'denied')
    t.equal(
      response.warnings !== undefined,
      findings.some((finding) => finding.startsWith('warn')),
    )
  })
}

t.test('an allowed Pod gets nothing but yes', async (t) =>
  t.strictSame((await decide(sample('pod-allowed'))).review, {
    ...allowed,
    response: { uid: sample('pod-allowed').uid, allowed: true },
  }),
)

t.test('a denial as the API server reads it, with a warning along', async (t) => {
  const stale = { name: 'cache', image: 'redis:alpine', imagePullPolicy: 'Always' }
  const { review } = await decide(podRequest({ object: pod(latest, stale) }))
  t.strictSame(JSON.parse(JSON.stringify(review)), {
    ...allowed,
    response: {
      uid: request().uid,
      allowed: false,
      status: {
        code: 403,
        reason: 'Forbidden',
        message: review.response.status?.message,
        details: {
          causes: [
            {
              reason: 'latestTag',
              field: 'spec.containers[0].image',
              message:
                'nginx:latest changes with every push; write nginx:<version> and imagePullPolicy: IfNotPresent',
            },
          ],
        },
      },
      warnings: review.response.warnings,
      auditAnnotations: {
        mode: 'enforce',
        policy: 'default',
        findings:
          '[{"mode":"enforce","rule":"latestTag","field":"spec.containers[0].image","image":"nginx:latest"},' +
          '{"mode":"warn","rule":"floatingTag","field":"spec.containers[1].image","image":"redis:alpine"}]',
      },
    },
  })
  t.match(review.response.status?.message, /^Pod "web": container "web" uses nginx:latest, which /)
  t.match(review.response.warnings, [/^Pod\/web, container "cache": redis:alpine .* \[floatingTag\]$/])
})

const unjudged: [what: string, AdmissionRequest, why: 'kind' | 'operation', policy: string][] = [
  ['a DELETE', podRequest({ operation: 'DELETE', oldObject: pod(latest) }), 'operation', ''],
  ['a CONNECT', podRequest({ operation: 'CONNECT' }), 'operation', ''],
  [
    'a kind that nobody described',
    request({ kind: { group: 'example.com', version: 'v1', kind: 'Engine' }, object: pod(latest) }),
    'kind',
    'default',
  ],
  [
    'the scale of a Deployment',
    request({ kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, subResource: 'scale' }),
    'kind',
    'default',
  ],
]

for (const [what, asked, why, policy] of unjudged) {
  t.test(`${what} is let through, and that is said`, async (t) =>
    t.strictSame(await decide(asked), {
      review: { ...allowed, response: { uid: asked.uid, allowed: true } },
      outcome: 'allowed',
      policy,
      unjudged: why,
      owned: false,
    }),
  )
}

t.test('of thousands of containers remedies are composed for those that an answer shows', async (t) => {
  const VOLATILE = 'volatile-registry.console.elementai.com'
  const policy = policyOf(
    `mode: enforce`,
    `cluster: {registries: [{host: ${VOLATILE}, retention: {default: 24h, suffix: true}}]}`,
  )
  let reads = 0
  const cluster = {
    ...policy.cluster,
    readImage(text: string) {
      reads += 1
      return policy.cluster.readImage(text)
    },
  }
  const count = 5_000
  // Two findings each, and many candidates for what to write instead.
  const containers = Array.from({ length: count }, (_, n) => ({
    name: `c${n}`,
    image: `${VOLATILE}/n${n}:1-2weeks`,
  }))
  const { outcome, judgement } = await decide(podRequest({ object: pod(...containers) }), {
    ...policy,
    cluster,
  })
  t.equal(outcome, 'denied')
  t.ok((judgement?.findings.length ?? 0) >= count)
  t.ok(reads < 2 * count, `${reads} images were read for ${count} containers`)
})

const pinned = { ...latest, image: 'nginx:1.27.3', imagePullPolicy: 'IfNotPresent' }
const controller = serviceAccount('kube-system', 'deployment-controller')
const updates: [what: string, Partial<AdmissionRequest>, outcome: Verdict['outcome']][] = [
  ['an old violator, by a person', { object: pod(latest), oldObject: pod(latest) }, 'warned'],
  [
    'an old violator, by a controller',
    { object: pod(latest), oldObject: pod(latest), userInfo: controller },
    'allowed',
  ],
  [
    'its finalizer goes while it is deleted',
    { object: { metadata: { deletionTimestamp: 'x' }, ...pod(latest) }, oldObject: pod(latest) },
    'warned',
  ],
  [
    'a new violation while it is deleted',
    { object: { metadata: { deletionTimestamp: 'x' }, ...pod(latest) }, oldObject: pod(pinned) },
    'denied',
  ],
  ['a rollback to a violator', { object: pod(latest), oldObject: pod(pinned) }, 'denied'],
  ['a copy of a violator', { object: pod(latest, latest), oldObject: pod(latest) }, 'denied'],
  ['no old object to compare', { object: pod(latest) }, 'denied'],
  ['the cure', { object: pod(pinned), oldObject: pod(latest) }, 'allowed'],
]

for (const [what, change, outcome] of updates) {
  t.test(`an update: ${what}: ${outcome}`, async (t) =>
    t.equal((await decide(podRequest({ operation: 'UPDATE', ...change }))).outcome, outcome),
  )
}

t.test('on a stored Pod the message says that the pull policy cannot change', async (t) => {
  const { review } = await decide(
    podRequest({
      operation: 'UPDATE',
      object: pod(latest),
      oldObject: pod({ ...latest, image: 'nginx:1.27.3' }),
    }),
  )
  t.match(review.response.status?.message, /# or make the Pod anew: its imagePullPolicy cannot be changed\n/)
  t.notMatch(review.response.status?.message, /^ +imagePullPolicy:/m)
})

t.test('until the day of enforceFrom it is a warning that names the day', async (t) => {
  const verdict = await decide(
    podRequest({ object: pod(latest) }),
    policyOf('mode: enforce', 'enforceFrom: 2026-12-07'),
  )
  t.equal(verdict.outcome, 'warned')
  t.match(verdict.review.response.warnings, [/\. Denied from 2026-12-07\. \[latestTag\]$/])
})

t.test('an exemption leaves its trace in the audit log', async (t) => {
  const verdict = await decide(
    podRequest({ object: pod(latest) }),
    policyOf(
      'mode: enforce',
      'exemptions:',
      '  - {name: vendor, images: ["nginx:*"], reason: pinned elsewhere}',
    ),
  )
  t.equal(verdict.outcome, 'allowed')
  t.match(verdict.review.response.auditAnnotations, { exemption: 'vendor', mode: 'enforce' })
})

const ending = policyOf(
  'mode: enforce',
  'exemptions:',
  '  - {name: vendor, images: ["nginx:*"], reason: pinned elsewhere, expires: 2026-12-01}',
)
const users: [who: string, change: Partial<AdmissionRequest>, advice?: string][] = [
  ['a person', {}, 'write nginx:<version>'],
  [
    'the service account of a pipeline',
    { userInfo: serviceAccount('ci', 'deployer') },
    'write nginx:<version>',
  ],
  ['a node', { userInfo: { username: 'system:node:a', groups: ['system:nodes'] } }],
  ['a person who changes something else', { operation: 'UPDATE', oldObject: pod(latest) }],
  [
    'a person who takes it up',
    { operation: 'UPDATE', oldObject: pod(pinned) },
    'use a tag that is pushed once',
  ],
]
for (const [who, change, advice] of users) {
  t.test(`an exemption in its last days, used by ${who}: ${advice ? 'a' : 'no'} warning`, async (t) => {
    const { review, outcome } = await decide(podRequest({ object: pod(latest), ...change }), ending)
    const warning = `Pod/web, container "web": nginx:latest is exempt only until 2026-12-01, by "vendor" (pinned elsewhere); until then ${advice}. Denied from 2026-12-02. [latestTag]`
    t.strictSame(review.response, {
      uid: request().uid,
      allowed: true,
      ...(advice && { warnings: [warning] }),
      auditAnnotations: { mode: 'enforce', policy: 'default', exemption: 'vendor' },
    })
    t.equal(outcome, advice ? 'warned' : 'allowed')
  })
}

t.test('what a controller makes under such an exemption warns nobody', async (t) => {
  const policy = policyOf(
    'mode: enforce',
    'exemptions:',
    '  - {name: all, images: ["**"], reason: r, expires: 2026-12-01}',
  )
  t.equal((await decide(sample('pod-of-replicaset'), policy)).review.response.warnings, undefined)
})

t.test('findings leave room for what ends soon', async (t) => {
  const policy = policyOf(
    'mode: warn',
    'exemptions:',
    '  - {name: vendor, images: ["nginx:*"], reason: pinned elsewhere, expires: 2026-12-01}',
  )
  const others = Array.from({ length: 20 }, (_, index) => ({
    name: `c${index}`,
    image: `a/b${index}:latest`,
  }))
  const { warnings = [] } = (await decide(podRequest({ object: pod(latest, ...others) }), policy)).review
    .response
  t.ok(warnings.length <= 10 && warnings.join('').length <= 2000)
  t.match(warnings.at(-1), /nginx:latest is exempt only until/)
  t.match(warnings.at(-2), /more findings/)
})

t.test('what a controller makes again is denied only where the policy says so', async (t) => {
  const asked = sample('pod-of-replicaset')
  t.equal((await decide(asked, policyOf('mode: enforce', 'ownedObjects: enforce'))).outcome, 'denied')
  t.equal((await decide(asked, policyOf('mode: enforce', 'ownedObjects: warn'))).outcome, 'warned')
  t.equal((await decide({ ...asked, userInfo: request().userInfo })).outcome, 'denied', 'a person forges it')
})

t.test('the namespace is that of the request, and policies may come later', async (t) => {
  const asked: string[] = []
  const policies = {
    for: async (name: string) => {
      asked.push(name)
      return { policy: ENFORCED, namespace: { name, labels: {} } }
    },
  }
  await admit(podRequest({ object: pod() }), policies, NOW)
  await admit(sample('clustertrainingruntime'), policies, NOW)
  t.same(asked, ['team-vision', ''])
})

t.test('a thousand different violators get a bounded answer', async (t) => {
  const containers = Array.from({ length: 1000 }, (_, index) => ({
    name: `c${index}`,
    image: `a/b${index}:latest`,
  }))
  const { review } = await decide(podRequest({ object: pod(...containers) }))
  t.equal(review.response.status?.details.causes.length, 100)
  t.match(review.response.status?.message, /\(and 999 more images\)\n.*\n\.\.\. and 990 more containers\n/s)
  t.ok(JSON.stringify(review).length < 64_000)
})

t.test(
  'whatever stands in an object, the answer is made of plain lines and denies exactly what enforce finds',
  async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'nginx:latest',
        'nginx',
        'a\n- container "b" [latestTag] x',
        '\u001b[2Jnginx:1',
        'redis:alpine',
      ),
    )
    const odd = fc.oneof({ weight: 4, arbitrary: text }, fc.jsonValue())
    const container = fc.oneof(
      { weight: 4, arbitrary: fc.record({ name: odd, image: odd, imagePullPolicy: odd }) },
      fc.jsonValue(),
    )
    const objects = fc.array(container).map((containers) => pod(...containers))
    await fc.assert(
      fc.asyncProperty(
        objects,
        objects,
        fc.constantFrom('CREATE', 'UPDATE'),
        async (object, oldObject, operation) => {
          const { review, judgement, outcome } = await decide(
            podRequest({ object, oldObject, operation: operation as 'CREATE' }),
          )
          const { allowed, status, warnings = [], auditAnnotations = {} } = review.response
          const modes = judgement?.findings.map(({ mode }) => mode) ?? []
          const lines = [
            ...(status?.message.split('\n') ?? []),
            ...warnings,
            ...Object.values(auditAnnotations),
          ]
          return (
            allowed === !modes.includes('enforce') &&
            (outcome === 'denied') === !allowed &&
            warnings.length > 0 === modes.includes('warn') &&
            lines.every(isPlainLine)
          )
        },
      ),
      { numRuns: 100 },
    )
  },
)
