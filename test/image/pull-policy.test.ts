import fc from 'fast-check'
import t from 'tap'
import { readImage } from '../../src/image/image.ts'
import { defaultPullPolicy, isPullPolicy, type PullPolicy } from '../../src/image/pull-policy.ts'
import { NO_FACTS } from '../../src/image/tag-kind.ts'

const DIGEST = `sha256:${'f'.repeat(64)}`

/** What a Kubernetes 1.36 API server fills in. */
const cases: [image: string, policy: PullPolicy][] = [
  ['nginx', 'Always'],
  ['nginx:latest', 'Always'],
  ['localhost:5000/foo', 'Always'],
  [`nginx:latest@${DIGEST}`, 'Always'],
  ['nginx:Latest', 'IfNotPresent'],
  ['nginx:1.25', 'IfNotPresent'],
  [`nginx@${DIGEST}`, 'IfNotPresent'],
  [`nginx:1.2@${DIGEST}`, 'IfNotPresent'],
  ['Nginx:latest', 'IfNotPresent'],
  ['', 'IfNotPresent'],
  ['nginx:', 'IfNotPresent'],
  ['{{ .Values.image }}', 'IfNotPresent'],
  ['nginx:latest-1', 'IfNotPresent'],
  ['nginx:3.5-latest', 'IfNotPresent'],
  ['nginx:LATEST', 'IfNotPresent'],
  ['test.com:5000', 'IfNotPresent'],
  ['Team/app', 'Always'],
  [' nginx:latest', 'IfNotPresent'],
  ['f'.repeat(64), 'IfNotPresent'],
  [`${'f'.repeat(64)}:latest`, 'Always'],
  ['nginx@sha256:abc', 'IfNotPresent'],
  [`${'a/'.repeat(200)}a:latest`, 'IfNotPresent'],
  ['a'.repeat(1_000_000), 'IfNotPresent'],
]
for (const [image, policy] of cases) {
  t.test(`${image.slice(0, 60)} gets ${policy}`, async (t) => t.equal(defaultPullPolicy(image), policy))
}

t.test('the default depends on the written tag alone, not on what a policy makes of it', async () => {
  const image = fc.tuple(
    fc.constantFrom('nginx', 'registry.example.com/team/app'),
    fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,12}$/),
  )
  fc.assert(
    fc.property(image, fc.constantFrom('version', 'latest', 'partial', 'floating'), ([name, tag], kind) => {
      const text = `${name}:${tag}`
      const facts = { ...NO_FACTS, kindByGlob: () => kind } as const
      const expected = tag === 'latest' ? 'Always' : 'IfNotPresent'
      return readImage(text, facts).kind.name === kind && defaultPullPolicy(text) === expected
    }),
  )
})

t.test('the three pull policies are known, to the letter', async (t) => {
  for (const policy of ['Always', 'IfNotPresent', 'Never']) t.ok(isPullPolicy(policy))
  for (const other of ['always', '', undefined, null, 1, '$(params.policy)']) t.notOk(isPullPolicy(other))
})
