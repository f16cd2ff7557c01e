/** What the API server's own audit log and metrics say of tallyman's verdicts. */
import t from 'tap'
import { readAuditLog } from '../control-plane/audit-log.ts'
import { apiPath } from './api-path.ts'
import { policy } from './policy.ts'
import { setUp } from './set-up.ts'
import { verdictOf } from './verdict.ts'
import { type AuditedVerdict, AuditTrail, auditedVerdict, failedOpen } from './verdict-audit.ts'
import { webhookHealth } from './webhook-health.ts'

const PODS = apiPath('v1', 'pods', 'team-a')

const { controlPlane, tallyman } = await setUp(t, {
  policy: policy({
    mode: 'enforce',
    rules: { needlessPull: 'audit' },
    exemptions: [
      {
        name: 'vendor-agent',
        images: ['registry.example.com/vendor/agent:*'],
        reason: 'pinned by its installer',
      },
    ],
  }),
})
const { admin } = controlPlane
const submitter = controlPlane.login('submitter').client
const trail = new AuditTrail(controlPlane.auditLog)

const pod = (images: readonly string[], more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'exp' },
  spec: { containers: images.map((image, index) => ({ name: `c${index}`, image, ...more })) },
})

const finding = (mode: string, rule: string, image: string, index = 0) => ({
  mode,
  rule,
  field: `spec.containers[${index}].image`,
  image,
})

const cases: [what: string, object: object, verdict: string, audited: AuditedVerdict | undefined][] = [
  ['an object in order', pod(['nginx:1.25.3']), 'admitted', undefined],
  [
    'a denial and a warning',
    pod(['nginx:stable', 'nginx:latest']),
    'denied: latestTag, warned: floatingTag',
    {
      mode: 'enforce',
      policy: 'default',
      findings: [
        finding('enforce', 'latestTag', 'nginx:latest', 1),
        finding('warn', 'floatingTag', 'nginx:stable'),
      ],
    },
  ],
  [
    'a warning',
    pod(['nginx:stable']),
    'warned: floatingTag',
    { mode: 'enforce', policy: 'default', findings: [finding('warn', 'floatingTag', 'nginx:stable')] },
  ],
  [
    'what nobody is told',
    pod(['nginx:1.25.3'], { imagePullPolicy: 'Always' }),
    'admitted',
    { mode: 'enforce', policy: 'default', findings: [finding('audit', 'needlessPull', 'nginx:1.25.3')] },
  ],
  [
    'an exemption',
    pod(['registry.example.com/vendor/agent:latest']),
    'admitted',
    { mode: 'enforce', policy: 'default', exemption: 'vendor-agent' },
  ],
  [
    'more than it can hold',
    pod(Array(12).fill('nginx:latest')),
    `denied: ${Array(12).fill('latestTag')}`,
    {
      mode: 'enforce',
      policy: 'default',
      findings: [
        ...Array.from({ length: 10 }, (_, index) => finding('enforce', 'latestTag', 'nginx:latest', index)),
        { more: 2 },
      ],
    },
  ],
]

for (const [what, object, verdict, audited] of cases) {
  t.test(`the audit log has ${what}`, async (t) => {
    await trail.next()
    const answer = await submitter.create(`${PODS}?dryRun=All`, object)
    t.equal(verdictOf(answer), verdict)
    const [event] = (await trail.next()).filter(({ user }) => user.username === 'submitter')
    if (event === undefined) return t.fail('there is no such event')
    t.same(auditedVerdict(event), audited)
    t.equal(event.responseStatus?.code, answer.status)
    if (answer.status !== 403) return
    const { kind: _, apiVersion: __, ...status } = answer.body as Record<string, unknown>
    t.same(event.responseStatus, status, 'all that the user was told, the causes too')
  })
}

t.test('warnings reach the user, one header each', async (t) => {
  const images = ['nginx:stable', 'redis:alpine', 'team/app:main']
  const { warnings } = await submitter.create(`${PODS}?dryRun=All`, pod(images))
  t.same(
    warnings.map((warning) => images.findIndex((image) => warning.includes(image))),
    [0, 1, 2],
  )
  for (const warning of warnings) t.match(warning, /^Pod\/exp, container "c\d": .* \[floatingTag\]$/)
})

t.test('the API server and tallyman agree on what was asked, and nothing went wrong', async (t) => {
  const { answers, errors } = await webhookHealth(admin)
  t.same(errors, [])
  t.same(failedOpen(await readAuditLog(controlPlane.auditLog)), [])
  const verdicts = tallyman.replicas.map((replica) => replica.metric('tallyman_verdicts_total'))
  t.same(await Promise.all(verdicts), [answers])
  const failed = tallyman.replicas.map((replica) => replica.metric('tallyman_errors_total'))
  t.same(await Promise.all(failed), [0])
})

t.test('what passes while nobody answers is in both', async (t) => {
  await tallyman.replicas[0]?.kill()
  await trail.next()
  t.equal(verdictOf(await submitter.create(`${PODS}?dryRun=All`, pod(['nginx:latest']))), 'admitted')
  t.equal(failedOpen(await trail.next()).length, 1)
  t.match((await webhookHealth(admin)).errors, [/^apiserver_admission_webhook_fail_open_count.* 1$/])
})
