/** The custom resource TagPolicy and the real API server: what it takes, what it refuses, what it shows. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { PolicyError } from '../../src/policy/problem.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'
import { until } from '../control-plane/until.ts'
import { boot } from './boot.ts'
import { expectDone, kubectl } from './kubectl.ts'
import { programs, signal } from './programs.ts'
import { TAG_POLICIES, tagPoliciesServed } from './tag-policy.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const controlPlane = await boot(t)
const { admin } = controlPlane
const asAdmin = kubectl(programs.kubectl, controlPlane.login('admin').kubeconfig)

expectDone(
  await asAdmin([
    'apply',
    '--validate=strict',
    '-f',
    join(ROOT, 'deploy/base/crd/custom-resource-definition.yaml'),
  ]),
)
await tagPoliciesServed(admin, signal)
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

const SAMPLES = [
  'deploy/samples/tag-policy.yaml',
  ...readdirSync(join(ROOT, 'test/fixtures/policies')).map((name) => `test/fixtures/policies/${name}`),
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
    const names = expectDone(await asAdmin(['get', 'tagpol', '-o', 'name']))
      .trim()
      .split('\n')
    t.equal(names.length, 1)
    const { body } = await admin.get(`${TAG_POLICIES}/${names[0]?.split('/')[1]}`)
    t.doesNotThrow(() => readTagPolicyObject(body))
    expectDone(await asAdmin(['delete', 'tagpol', '--all']))
  })
}

t.test('what kubectl get shows', async (t) => {
  expectDone(
    await asAdmin(['apply', '-f', '-'], tagPolicy('default', { mode: 'enforce', enforceFrom: '2026-12-07' })),
  )
  const [head = '', row = ''] = expectDone(await asAdmin(['get', 'tagpolicies'])).split('\n')
  t.same(head.split(/ {2,}/), ['NAME', 'MODE', 'ENFORCE FROM', 'NAMESPACES', 'EXEMPTIONS', 'READY', 'AGE'])
  t.match(row, /^default +enforce +2026-12-07 /)
  expectDone(await asAdmin(['delete', 'tagpol', '--all']))
})

const exemption = (name: string, more: object = {}) => ({ name, images: ['a'], reason: 'r', ...more })
const workload = {
  group: 'example.com',
  kind: 'Engine',
  resource: 'engines',
  images: [{ image: 'spec.image' }],
}

/** Mistakes that the API server finds by itself, and the field that it names. */
const REFUSED: [what: string, name: string, spec: unknown, field: RegExp][] = [
  ['no spec', 'default', undefined, /spec: Required value/],
  [
    'a mode that is none',
    'default',
    { mode: 'strict' },
    /spec\.mode: Unsupported value: "strict": supported values: "disabled", "audit", "warn", "enforce"/,
  ],
  [
    'a truth value',
    'default',
    { mode: false },
    /spec\.mode(: Invalid value: "boolean"| in body must be of type string|: expected string)/,
  ],
  [
    'a rule in a mode that is none',
    'default',
    { rules: { latestTag: 'deny' } },
    /spec\.rules\.latestTag: Unsupported value/,
  ],
  ['no day', 'default', { mode: 'enforce', enforceFrom: '2026-02-30' }, /spec\.enforceFrom/],
  [
    'a day that has no effect',
    'default',
    { mode: 'warn', enforceFrom: '2026-12-07' },
    /spec: Invalid value: .*enforceFrom has an effect only under mode: enforce/,
  ],
  [
    'such a day in an entry',
    'default',
    { namespaceModes: [{ namespaces: ['a'], mode: 'warn', enforceFrom: '2026-12-07' }] },
    /spec\.namespaceModes\[0\]: Invalid value/,
  ],
  [
    'facts about the cluster where they do not belong',
    'team',
    { cluster: {} },
    /spec\.cluster belongs in the TagPolicy called default/,
  ],
  [
    'a list of namespaces in the default',
    'default',
    { namespaces: ['a'] },
    /spec\.namespaces has no meaning/,
  ],
  [
    'an exemption without a reason',
    'default',
    { exemptions: [{ name: 'a', images: ['a'] }] },
    /spec\.exemptions\[0\]\.reason: Required value/,
  ],
  [
    'two exemptions of a name',
    'default',
    { exemptions: [exemption('a'), exemption('a')] },
    /spec\.exemptions(\[1\]: Duplicate value|: duplicate entries)/,
  ],
  [
    'two registries of a host',
    'default',
    { cluster: { registries: [{ host: 'a.b' }, { host: 'a.b' }] } },
    /spec\.cluster\.registries(\[1\]: Duplicate value|: duplicate entries)/,
  ],
  [
    'a kind twice',
    'default',
    { cluster: { workloads: [workload, workload] } },
    /spec\.cluster\.workloads(\[1\]: Duplicate value|: duplicate entries)/,
  ],
  [
    'an exemption of nothing',
    'default',
    { exemptions: [exemption('a', { images: [] })] },
    /spec\.exemptions\[0\]\.images.* at least 1 item/,
  ],
  [
    'a name that is too long for a label',
    'a'.repeat(64),
    {},
    /metadata\.name: Too long: may not be more than 63 bytes/,
  ],
]

/** Mistakes that only tallyman finds: the entry policies.tallyman.dev denies them, and what gets past it is not taken up. */
const LEFT_TO_US: [what: string, spec: unknown, field: string][] = [
  ['a field that is unknown', { moed: 'enforce' }, 'spec.moed'],
  ['a rule that is unknown', { rules: { latestTags: 'enforce' } }, 'spec.rules.latestTags'],
  [
    'an unknown field in a list',
    { exemptions: [exemption('a', { image: 'b' })] },
    'spec.exemptions[0].image',
  ],
  [
    'a glob that is none',
    { exemptions: [exemption('a', { images: ['a[b'] })] },
    'spec.exemptions[0].images[0]',
  ],
  [
    'a time without a unit',
    { cluster: { registries: [{ host: 'a.b', retention: { default: '24' } }] } },
    'spec.cluster.registries[0].retention.default',
  ],
  [
    'a path that is none',
    { cluster: { workloads: [{ ...workload, images: [{ image: 'spec..image' }] }] } },
    'spec.cluster.workloads[0].images[0].image',
  ],
  ['a URL that is none', { helpURL: 'wiki' }, 'spec.helpURL'],
]

const WAYS = [
  ['apply', '--validate=ignore'],
  ['apply', '--server-side', '--validate=ignore'],
]

for (const how of WAYS) {
  t.test(`kubectl ${how.join(' ')}`, async (t) => {
    for (const [what, name, spec, message] of REFUSED) {
      const { code, stderr } = await asAdmin([...how, '-f', '-'], tagPolicy(name, spec))
      t.equal(code, 1, what)
      t.match(stderr, message, what)
    }
    for (const [what, spec, field] of LEFT_TO_US) {
      expectDone(await asAdmin([...how, '-f', '-'], tagPolicy('default', spec)))
      const { body } = await admin.get(`${TAG_POLICIES}/default`)
      t.ok(refusedFields(body).includes(field), what)
      t.same((body as { spec: unknown }).spec, spec, `${what}: kept as it was written`)
      expectDone(await asAdmin(['delete', 'tagpol', '--all']))
    }
  })
}

t.test('mode: off as YAML has it', async (t) => {
  const text =
    'apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: default}\nspec: {mode: off}\n'
  const { code, stderr } = await asAdmin(['apply', '-f', '-'], text)
  t.equal(code, 1)
  t.match(stderr, /spec\.mode.*(boolean|string)/)
})

/** The fields that tallyman refuses in what the API server let in. */
function refusedFields(object: unknown): string[] {
  try {
    readTagPolicyObject(object)
    return []
  } catch (error) {
    return (error as PolicyError).problems.map(({ field }) => field)
  }
}

function tagPolicy(name: string, spec: unknown): object {
  return { apiVersion: 'tallyman.dev/v1alpha1', kind: 'TagPolicy', metadata: { name }, spec }
}
