import fc from 'fast-check'
import t from 'tap'
import { admitPolicy } from '../../src/admission/admit-policy.ts'
import type { ClusterView } from '../../src/admission/cluster-view.ts'
import type { AdmissionRequest } from '../../src/admission/review.ts'
import { PolicyError } from '../../src/policy/problem.ts'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'
import { TRIGGERS } from '../../src/preview/preview.ts'
import { BAD_POLICIES } from '../policy/bad-policies.ts'
import { tagPolicies } from '../policy/tag-policies.ts'
import { isPlainLine } from './anything.ts'
import { breakage, preview } from './previews.ts'
import { request } from './samples.ts'
import { view } from './views.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const UID = request().uid
const LAB = { 'tallyman.dev/policy': 'lab' }
const ALLOWED = { uid: UID, allowed: true }

/** A request about a TagPolicy. */
function asked(
  operation: AdmissionRequest['operation'],
  name: string,
  spec?: unknown,
  oldSpec?: unknown,
  change: Partial<AdmissionRequest> = {},
): AdmissionRequest {
  const object = (of: unknown) => ({
    apiVersion: 'tallyman.dev/v1alpha1',
    kind: 'TagPolicy',
    metadata: { name },
    spec: of,
  })
  return request({
    kind: { group: 'tallyman.dev', version: 'v1alpha1', kind: 'TagPolicy' },
    resource: { group: 'tallyman.dev', version: 'v1alpha1', resource: 'tagpolicies' },
    name,
    namespace: undefined,
    operation,
    object: operation === 'DELETE' ? null : object(spec),
    oldObject: operation === 'CREATE' ? null : object(oldSpec),
    ...change,
  })
}

const answer = async (of: AdmissionRequest, cluster: ClusterView = view()) =>
  JSON.parse(JSON.stringify(await admitPolicy(of, cluster, NOW)))

const cluster = (change: Partial<ClusterView> = {}) =>
  view(
    { default: { mode: 'warn' }, lab: { mode: 'warn' } },
    { 'team-a': {}, 'team-b': LAB, 'team-c': LAB },
    change,
  )
const found = cluster({
  preview: async () =>
    preview([
      breakage('itself', 'Deployment/web in team-a', 'nginx', ['latestTag']),
      breakage('next', 'CronJob/backup in team-b', 'busybox:1.36', ['partialTag']),
    ]),
  mayList: async (_user, { namespace }) => namespace === 'team-a',
})
const MISTAKE = { mode: 'enforc' }
const REFUSED = {
  uid: UID,
  allowed: false,
  status: {
    code: 422,
    reason: 'Invalid',
    message:
      'TagPolicy "default": spec.mode: there is no "enforc": did you mean enforce?\nWhat was in force before still is. Try again without changing anything: kubectl apply --dry-run=server -f FILE',
    details: {
      group: 'tallyman.dev',
      kind: 'TagPolicy',
      name: 'default',
      causes: [
        {
          reason: 'FieldValueInvalid',
          field: 'spec.mode',
          message: 'there is no "enforc": did you mean enforce?',
        },
      ],
    },
  },
}

const cases: [what: string, request: AdmissionRequest, cluster: ClusterView, response: object][] = [
  ['one that is fine', asked('CREATE', 'team', { mode: 'warn' }), cluster(), ALLOWED],
  ['one with a mistake', asked('CREATE', 'default', MISTAKE), cluster(), REFUSED],
  ['a mistake that is made now', asked('UPDATE', 'default', MISTAKE, {}), cluster(), REFUSED],
  ['a mistake that was there', asked('UPDATE', 'default', MISTAKE, MISTAKE), cluster(), ALLOWED],
  [
    'a mistake that was there, its keys in another order',
    asked('UPDATE', 'default', { mode: 'x', rules: {} }, { rules: {}, mode: 'x' }),
    cluster(),
    ALLOWED,
  ],
  ['a mistake that is mended', asked('UPDATE', 'default', { mode: 'warn' }, MISTAKE), cluster(), ALLOWED],
  ['a mistake that is deleted', asked('DELETE', 'odd', undefined, MISTAKE), cluster(), ALLOWED],
  [
    'an update without the old object',
    asked('UPDATE', 'default', MISTAKE, {}, { oldObject: null }),
    cluster(),
    REFUSED,
  ],
  ['its status', asked('UPDATE', 'default', MISTAKE, {}, { subResource: 'status' }), cluster(), ALLOWED],
  [
    'another kind that is sent by mistake',
    asked('CREATE', 'default', MISTAKE, undefined, {
      kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
    }),
    cluster(),
    ALLOWED,
  ],
  [
    'another kind of ours',
    asked('CREATE', 'default', MISTAKE, undefined, {
      kind: { group: 'tallyman.dev', version: 'v1', kind: 'Other' },
    }),
    cluster(),
    ALLOWED,
  ],
  [
    'a TagPolicy of somebody else',
    asked('CREATE', 'default', MISTAKE, undefined, {
      kind: { group: 'example.com', version: 'v1', kind: 'TagPolicy' },
    }),
    cluster(),
    ALLOWED,
  ],
  ['what is laxer', asked('UPDATE', 'default', { mode: 'audit' }, { mode: 'warn' }), found, ALLOWED],
  [
    'what is stricter',
    asked('UPDATE', 'default', { mode: 'enforce', enforceFrom: '2026-12-07' }, { mode: 'warn' }),
    found,
    {
      ...ALLOWED,
      warnings: [
        'TagPolicy/default: 2 of 20 workloads in 2 namespaces would be denied: 1 with nobody touching it, 1 at its next run or release',
        'TagPolicy/default: 1 with nobody touching it [latestTag]: Deployment/web in team-a (nginx)',
        'TagPolicy/default: 1 at its next run or release [partialTag]',
      ],
    },
  ],
  [
    'what is stricter, and odd',
    asked('UPDATE', 'lab', {
      mode: 'enforce',
      namespaces: ['team-b'],
      exemptions: [{ name: 'a', images: ['a'], reason: 'r', expires: '2026-11-01' }],
    }),
    cluster(),
    {
      ...ALLOWED,
      warnings: [
        'TagPolicy/lab: more may be denied in 1 namespace; tallyman preview -A --policy FILE says what',
        'TagPolicy/lab: 1 namespace names it in tallyman.dev/policy, but spec.namespaces does not list it, so TagPolicy default holds there: team-c',
        'TagPolicy/lab: 1 exemption has expired and covers nothing: a (2026-11-01); remove it, or set a later expires',
      ],
    },
  ],
  ['the deletion of one that nobody has', asked('DELETE', 'other'), cluster(), ALLOWED],
  [
    'the deletion of one that namespaces have, under a stricter default',
    asked('DELETE', 'lab'),
    { ...found, policies: view({ default: { mode: 'enforce' }, lab: { mode: 'warn' } }).policies },
    {
      ...ALLOWED,
      warnings: [
        'TagPolicy/lab: 2 namespaces have it by label: team-b and team-c',
        'TagPolicy/lab: without it TagPolicy default holds there: enforce',
        'TagPolicy/lab: 2 of 20 workloads in 2 namespaces would be denied: 1 with nobody touching it, 1 at its next run or release',
        'TagPolicy/lab: 1 with nobody touching it [latestTag]: Deployment/web in team-a (nginx)',
        'TagPolicy/lab: 1 at its next run or release [partialTag]',
      ],
    },
  ],
  [
    'the deletion of the default',
    asked('DELETE', 'default'),
    cluster(),
    {
      ...ALLOWED,
      warnings: [
        'TagPolicy/default: without it the built-in policy holds in 1 namespace, with mode warn, and its facts about the cluster in all',
      ],
    },
  ],
]
for (const [what, of, around, response] of cases)
  t.test(what, async (t) =>
    t.strictSame(await answer(of, around), {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response,
    }),
  )

t.test('the preview is of the cluster with and without the change', async (t) => {
  const looks: string[] = []
  const around = cluster({
    preview: async ({ before, after }) => {
      const text = (name: string) =>
        [before, after]
          .map((regime) => `${regime(name).policy.name} ${regime(name).policy.mode}`)
          .join(', then ')
      looks.push(text('team-a'), text('team-b'))
      return undefined
    },
  })
  await answer(asked('UPDATE', 'lab', { mode: 'enforce' }, {}), around)
  t.same(looks, ['default warn, then default warn', 'lab warn, then lab enforce'])
})

t.test('what breaks leaves room for what else there is to say', async (t) => {
  const breakages = TRIGGERS.flatMap((trigger) =>
    RULE_IDS.map((rule) => breakage(trigger, `Job/${rule} in team-a`, 'app', [rule])),
  )
  const exemption = (name: string, expires: string) => ({ name, images: ['a'], reason: 'r', expires })
  const spec = {
    mode: 'enforce',
    exemptions: [exemption('a', '2026-11-01'), exemption('b', '2026-12-01')],
  }
  const around = cluster({ preview: async () => preview(breakages, { stopped: 'objects' }) })
  const { warnings } = (await answer(asked('UPDATE', 'default', spec, {}), around)).response
  t.ok(warnings.length <= 10 && warnings.length >= 8, `${warnings.length}`)
  t.match(warnings.slice(-4), [
    /more workloads; tallyman preview/,
    /read 100 objects and no more/,
    /has expired and covers nothing: a/,
    /ends within 14 days: b/,
  ])
})

const hostile: [what: string, object: unknown][] = [
  ['nothing', {}],
  ['metadata and spec that are null', { metadata: null, spec: null }],
  ['a name that is a number', { metadata: { name: 1 }, spec: { mode: 'x' } }],
  ['a spec that is a list', { metadata: { name: 'a' }, spec: [] }],
  ['a spec of a megabyte', { metadata: { name: 'a' }, spec: { ['x'.repeat(1e6)]: 1 } }],
  [
    'a spec of 100,000 fields',
    {
      metadata: { name: 'a' },
      spec: Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`f${i}`, i])),
    },
  ],
  ['a text of a megabyte', { metadata: { name: 'a' }, spec: { mode: '\u001b'.repeat(1e6) } }],
  [
    'a spec without end',
    { metadata: { name: 'a' }, spec: JSON.parse(`${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}`) },
  ],
]
for (const [what, object] of hostile)
  t.test(`${what} is refused in a bounded answer, and left alone where it was there`, async (t) => {
    const created = await answer(asked('CREATE', 'a', undefined, undefined, { object }))
    t.equal(created.response.allowed, false)
    t.ok(JSON.stringify(created).length < 100_000)
    for (const line of created.response.status.message.split('\n')) t.ok(line.length < 1000)
    const same = await answer(asked('UPDATE', 'a', undefined, undefined, { object, oldObject: object }))
    t.strictSame(same.response, ALLOWED)
  })

const NAMES = ['default', 'lab', 'team']
const anyCluster = fc
  .tuple(
    fc.array(tagPolicies, { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('team-a', 'team-b', 'lab-1', 'no', '42'),
      fc.dictionary(
        fc.constantFrom('tallyman.dev/mode', 'tallyman.dev/enforce-from', 'tallyman.dev/policy'),
        fc.constantFrom('enforce', 'warn', 'off', '', '2026-12-07', ...NAMES),
      ),
    ),
    fc.constantFrom(undefined, found.preview),
    fc.boolean(),
  )
  .map(([policies, namespaces, look = async () => undefined, may]) =>
    view(Object.fromEntries(policies.map(({ metadata, spec }) => [metadata.name, spec])), namespaces, {
      preview: look,
      mayList: async () => may,
    }),
  )
const anySpec = fc.oneof(
  tagPolicies.map(({ spec }) => spec as unknown),
  fc.constantFrom(...BAD_POLICIES.map(([text]) => text as unknown)),
  fc.jsonValue(),
)
const anyRequest = fc
  .record({
    operation: fc.constantFrom('CREATE', 'UPDATE', 'DELETE', 'CONNECT'),
    name: fc.oneof(fc.constantFrom(...NAMES, ''), fc.string({ unit: 'binary' })),
    spec: anySpec,
    oldSpec: anySpec,
    object: fc.option(fc.jsonValue(), { nil: undefined }),
  })
  .map(({ operation, name, spec, oldSpec, object }) =>
    asked(
      operation as 'CREATE',
      name,
      spec,
      oldSpec,
      object === undefined || object === null ? {} : { object },
    ),
  )

t.test(
  'whatever is asked, it is answered within bounds, and only a change of the spec is denied',
  async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, anyCluster, async (of, around) => {
        const { response } = await answer(of, around)
        const { allowed, warnings = [], uid } = response
        return (
          uid === UID &&
          (allowed || of.operation === 'CREATE' || of.operation === 'UPDATE') &&
          warnings.length <= 10 &&
          warnings.join('').length <= 2000 &&
          warnings.every((line: string) => isPlainLine(line) && line.length <= 256)
        )
      }),
      { numRuns: 300 },
    )
  },
)

t.test('what leaves the spec as it was is never denied', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...NAMES), anySpec, anyCluster, async (name, spec, around) => {
      const { response } = await answer(asked('UPDATE', name, spec, structuredClone(spec)), around)
      return response.allowed && response.warnings === undefined
    }),
  )
})

t.test('what is let in can be taken up, and what can be taken up is let in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...NAMES, 'Bad_Name'), anySpec, async (name, spec) => {
      const { response } = await answer(asked('CREATE', name, spec))
      return response.allowed === isAccepted({ metadata: { name }, spec })
    }),
    { numRuns: 300 },
  )
})

function isAccepted(object: unknown): boolean {
  try {
    readTagPolicyObject(object)
    return true
  } catch (error) {
    if (error instanceof PolicyError) return false
    throw error
  }
}
