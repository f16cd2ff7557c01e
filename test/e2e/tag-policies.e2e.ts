/** The custom resource TagPolicy and the real API server: what it takes, explains, shows and merges. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import t from 'tap'
import { readTagPolicy } from '../../src/policy/parse.ts'
import { MAX_SPEC_BYTES } from '../../src/policy/spec-size.ts'
import type { TagPolicyStatus } from '../../src/policy/status-schema.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { sizedPolicy } from '../policy/sized-policy.ts'
import { tagPolicies } from '../policy/tag-policies.ts'
import { expectDone } from './kubectl.ts'
import { signal } from './programs.ts'
import { TAG_POLICIES } from './tag-policy.ts'
import { tagPolicy, withTagPolicies } from './tag-policy-definition.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const { admin, asAdmin } = await withTagPolicies(t)
// What kubectl explains is published a little later.
await until('kubectl to know TagPolicies', 30_000, signal, async () =>
  (await asAdmin(['explain', 'tagpolicy'])).code === 0 ? true : undefined,
)

t.test('kubectl explains it', async (t) => {
  const rules = expectDone(await asAdmin(['explain', 'tagpolicy.spec.rules']))
  t.match(rules, 'The mode of each rule. It is a ceiling')
  t.match(rules, /latestTag\s+<string>\s+enum: disabled, audit, warn, enforce\s+Images whose tag is latest/)
  t.match(expectDone(await asAdmin(['explain', 'tagpol.spec.enforceFrom'])), /enforceFrom <string>/)
})

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

const SAMPLES = [
  'deploy/samples/tag-policy.yaml',
  ...globSync('test/fixtures/policies/**/*.{yaml,json}', { cwd: ROOT }),
]

for (const file of SAMPLES) {
  t.test(`${file} is taken, and nothing is added to it or lost`, async (t) => {
    // One of them was read from a cluster: what it says of versions and managers is not for a second apply.
    const text = readFileSync(join(ROOT, file), 'utf8').replace(/^ *(resourceVersion|uid):.*\n/gm, '')
    for (const how of [['apply'], ['apply', '--server-side', '--force-conflicts']]) {
      const { code, stderr } = await asAdmin([...how, '-f', '-'], text)
      t.equal(stderr, '', how.join(' '))
      t.equal(code, 0)
    }
    const written = readTagPolicy(text, file)
    const { body } = await admin.get(`${TAG_POLICIES}/${written.metadata.name}`)
    t.same((body as { spec: unknown }).spec, written.spec)
    t.same(readTagPolicyObject(body).spec, written.spec)
    expectDone(await asAdmin(['delete', 'tagpol', '--all']))
  })
}

t.test('what tallyman takes, the API server takes as it is', async () => {
  await fc.assert(
    fc.asyncProperty(tagPolicies, async (policy) => {
      const { status, body } = await admin.create(`${TAG_POLICIES}?dryRun=All`, policy)
      assert.equal(status, 201, JSON.stringify(body))
      assert.deepEqual(readTagPolicyObject(body), policy)
    }),
  )
})

t.test('what kubectl get shows', async (t) => {
  expectDone(
    await asAdmin(['apply', '-f', '-'], tagPolicy('default', { mode: 'enforce', enforceFrom: '2026-12-07' })),
  )
  const before = await table('get', 'tagpolicies')
  t.same(before.head, ['NAME', 'MODE', 'ENFORCE FROM', 'NAMESPACES', 'EXEMPTIONS', 'READY', 'AGE'])
  t.same(before.row.slice(0, -1), ['default', 'enforce', '2026-12-07'])

  const status: TagPolicyStatus = {
    observedGeneration: 1,
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'Refused',
        message: 'spec.moed: unknown field: did you mean mode?',
        lastTransitionTime: '2026-11-27T12:00:00Z',
      },
    ],
    accepted: { generation: 1, spec: { mode: 'enforce' } },
    namespaces: { count: 2, names: ['team-a', 'team-b'] },
    exemptions: { count: 0, expired: [], unmatched: [] },
  }
  const patch = JSON.stringify({ status, spec: { mode: 'audit' } })
  expectDone(
    await asAdmin(['patch', 'tagpol', 'default', '--subresource=status', '--type=merge', '-p', patch]),
  )
  const after = await table('get', 'tagpol', '-o', 'wide')
  t.same(after.head, ['NAME', 'MODE', 'ENFORCE FROM', 'NAMESPACES', 'EXEMPTIONS', 'READY', 'REASON', 'AGE'])
  const reason = status.conditions?.[0]?.message
  t.same(after.row.slice(0, -1), ['default', 'enforce', '2026-12-07', '2', '0', 'False', reason])
  t.same(((await admin.get(`${TAG_POLICIES}/default`)).body as { status: unknown }).status, status)
  expectDone(await asAdmin(['delete', 'tagpol', '--all']))
})

t.test(
  "two who apply on the server side keep each other's exemptions, and one takes away only its own",
  async (t) => {
    const exemption = (name: string) => ({ name, images: [name], reason: 'r' })
    const apply = async (manager: string, ...names: string[]) => {
      const policy = tagPolicy('default', { exemptions: names.map(exemption) })
      const how = ['apply', '--server-side', `--field-manager=${manager}`, '-f', '-']
      expectDone(await asAdmin(how, policy))
      const { body } = await admin.get(`${TAG_POLICIES}/default`)
      return readTagPolicyObject(body).spec.exemptions?.map(({ name }) => name)
    }
    t.same(await apply('gitops', 'a', 'b'), ['a', 'b'])
    t.same(await apply('owner', 'c'), ['a', 'b', 'c'])
    t.same(await apply('gitops', 'b'), ['b', 'c'])
    expectDone(await asAdmin(['delete', 'tagpol', '--all']))
  },
)

t.test('the largest policy leaves room for its status', async (t) => {
  const policy = sizedPolicy(MAX_SPEC_BYTES)
  for (const manager of ['gitops', 'owner'])
    expectDone(await asAdmin(['apply', '--server-side', `--field-manager=${manager}`, '-f', '-'], policy))
  // As much as annotations may hold: what kubectl applied last, where it could.
  const metadata = { annotations: { [LAST_APPLIED]: 'x'.repeat(262_144 - LAST_APPLIED.length) } }
  const path = `${TAG_POLICIES}/default`
  expectSuccess(await admin.send('PATCH', path, { metadata }), 'annotating')
  const status = { accepted: { generation: 1, spec: policy.spec } }
  expectSuccess(await admin.send('PATCH', `${path}/status`, { status }), 'writing the status')
  const { body } = await admin.get(path)
  t.same((body as { status: unknown }).status, status)
  t.comment(`${JSON.stringify(body).length} bytes in all`)
  expectDone(await asAdmin(['delete', 'tagpol', '--all']))
})

/** What kubectl prints of one object: the head of its table, and the cells of the object that are not empty. */
async function table(...args: string[]): Promise<{ head: string[]; row: string[] }> {
  const [head = '', row = ''] = expectDone(await asAdmin(args)).split('\n')
  return { head: head.trim().split(/ {2,}/), row: row.trim().split(/ {2,}/) }
}
