import fc from 'fast-check'
import t from 'tap'
import { admitNamespace } from '../../src/admission/admit-namespace.ts'
import type { ClusterView } from '../../src/admission/cluster-view.ts'
import type { AdmissionRequest } from '../../src/admission/review.ts'
import type { Namespace } from '../../src/policy/switch.ts'
import { isPlainLine } from './anything.ts'
import { breakage, preview } from './previews.ts'
import { request } from './samples.ts'
import { type Specs, view } from './views.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const MODE = 'tallyman.dev/mode'
const FROM = 'tallyman.dev/enforce-from'
const POLICY = 'tallyman.dev/policy'

/** A request about the namespace team-a. */
function asked(
  labels: unknown,
  before: unknown = {},
  change: Partial<AdmissionRequest> = {},
): AdmissionRequest {
  return request({
    kind: { group: '', version: 'v1', kind: 'Namespace' },
    resource: { group: '', version: 'v1', resource: 'namespaces' },
    name: 'team-a',
    namespace: 'team-a',
    operation: 'UPDATE',
    object: { metadata: { name: 'team-a', labels } },
    oldObject: { metadata: { name: 'team-a', labels: before } },
    ...change,
  })
}

const answer = async (of: AdmissionRequest, cluster: ClusterView = view()) =>
  JSON.parse(JSON.stringify(await admitNamespace(of, cluster, NOW)))

const override = (namespaceOverride: string, mode = 'enforce'): Specs => ({
  default: { mode, cluster: { namespaceOverride } },
})
const broken = breakage('next', 'CronJob/backup in team-a', 'busybox:1.36', ['partialTag'])
const finds = (specs: Specs = {}) =>
  view(specs, {}, { preview: async () => preview([broken]), mayList: async () => true })
const BREAKS =
  'Namespace/team-a: 1 of 10 workloads would be denied at its next run or release [partialTag]: CronJob/backup (busybox:1.36)'

/** A cluster in which the API server does not ask about a namespace with this label. */
const leavesOut = (label: string) => ({
  ...finds(),
  isJudged: async ({ labels }: Namespace) => labels[label] === undefined,
})
const UNJUDGED =
  'Namespace/team-a: the API server does not ask tallyman about what is in "team-a": nothing is denied there'

const cases: [what: string, request: AdmissionRequest, cluster: ClusterView, warnings: string[]][] = [
  ['labels of others', asked({ owner: 'a' }, { owner: 'b' }), finds(), []],
  [
    'labels of others beside one that makes no sense',
    asked({ [MODE]: 'x', owner: 'a' }, { [MODE]: 'x', owner: 'b' }),
    finds(),
    [],
  ],
  [
    'a mode',
    asked({ [MODE]: 'enforce' }),
    finds(),
    ['Namespace/team-a: enforce (label tallyman.dev/mode, the built-in policy)', BREAKS],
  ],
  [
    'a mode where nothing is judged',
    asked({ [MODE]: 'enforce', stage: 'lab' }, { stage: 'lab' }),
    leavesOut('stage'),
    [UNJUDGED],
  ],
  [
    'a mode that makes no sense there',
    asked({ [MODE]: 'strict', stage: 'lab' }, { stage: 'lab' }),
    leavesOut('stage'),
    [
      'Namespace/team-a: the label tallyman.dev/mode="strict" is ignored: the modes are disabled, audit, warn, enforce',
      UNJUDGED,
    ],
  ],
  [
    'a mode and a day',
    asked({ [MODE]: 'enforce', [FROM]: '2026-12-07' }),
    finds({ default: {} }),
    [
      'Namespace/team-a: enforce from 2026-12-07, until then warn (label tallyman.dev/mode, TagPolicy default)',
      BREAKS,
    ],
  ],
  [
    'a laxer mode',
    asked({ [MODE]: 'audit' }),
    finds({ default: { mode: 'enforce' } }),
    ['Namespace/team-a: audit (label tallyman.dev/mode, TagPolicy default)'],
  ],
  [
    'no label any more',
    asked({}, { [MODE]: 'warn' }),
    finds({ default: { mode: 'enforce' } }),
    ['Namespace/team-a: enforce (TagPolicy default, mode)', BREAKS],
  ],
  [
    'a policy',
    asked({ [POLICY]: 'lab' }),
    finds({ default: { mode: 'warn' }, lab: { mode: 'enforce' } }),
    ['Namespace/team-a: enforce (TagPolicy lab, mode)', BREAKS],
  ],
  [
    'a policy that says no mode',
    asked({ [POLICY]: 'lab' }),
    finds({ default: { mode: 'warn' }, lab: {} }),
    ['Namespace/team-a: warn (built-in, TagPolicy lab)'],
  ],
  [
    'a mode that is none',
    asked({ [MODE]: 'enforc' }),
    finds(),
    [
      'Namespace/team-a: the label tallyman.dev/mode="enforc" is ignored: did you mean enforce?',
      'Namespace/team-a: warn (the built-in policy)',
    ],
  ],
  [
    'a mode that is empty',
    asked({ [MODE]: '' }),
    finds(),
    [
      'Namespace/team-a: the label tallyman.dev/mode="" is ignored: the modes are disabled, audit, warn, enforce',
      'Namespace/team-a: warn (the built-in policy)',
    ],
  ],
  [
    'a day that is none',
    asked({ [MODE]: 'enforce', [FROM]: '2026-02-30' }),
    finds(),
    [
      'Namespace/team-a: the label tallyman.dev/enforce-from="2026-02-30" is ignored: 2026-02-30 is not a day of the calendar: February 2026 has 28 days',
      'Namespace/team-a: the label tallyman.dev/mode="enforce" is ignored: the day beside it, in tallyman.dev/enforce-from, is none',
      'Namespace/team-a: warn (the built-in policy)',
    ],
  ],
  [
    'a policy that is none',
    asked({ [POLICY]: 'lba' }),
    finds({ default: { mode: 'enforce' }, lab: {} }),
    [
      'Namespace/team-a: the label tallyman.dev/policy="lba" is ignored: no TagPolicy of that name is in force; TagPolicy default holds',
      'Namespace/team-a: enforce (TagPolicy default, mode)',
    ],
  ],
  [
    'a policy that does not list it',
    asked({ [POLICY]: 'lab' }),
    finds({ lab: { namespaces: ['lab-*'] } }),
    [
      'Namespace/team-a: the label tallyman.dev/policy="lab" is ignored: that TagPolicy does not list this namespace; TagPolicy default holds',
      'Namespace/team-a: warn (the built-in policy)',
    ],
  ],
  [
    'a laxer mode where only stricter ones count',
    asked({ [MODE]: 'warn' }),
    finds(override('stricter')),
    [
      'Namespace/team-a: the label tallyman.dev/mode is ignored: the policy lets a namespace be stricter only, and here holds enforce',
      'Namespace/team-a: enforce (TagPolicy default, mode)',
    ],
  ],
  [
    'a mode where none counts',
    asked({ [MODE]: 'enforce' }),
    finds(override('ignored', 'warn')),
    [
      'Namespace/team-a: the label tallyman.dev/mode is ignored: the policy lets no namespace change its mode',
      'Namespace/team-a: warn (TagPolicy default, mode)',
    ],
  ],
  [
    'a namespace that is made with a label: nothing is in it',
    asked({ [MODE]: 'enforce' }, undefined, { operation: 'CREATE', oldObject: null }),
    finds(),
    ['Namespace/team-a: enforce (label tallyman.dev/mode, the built-in policy)'],
  ],
  [
    'one whose name is only in the object',
    asked({ [MODE]: 'audit' }, undefined, { operation: 'CREATE', oldObject: null, name: undefined }),
    finds(),
    ['Namespace/team-a: audit (label tallyman.dev/mode, the built-in policy)'],
  ],
  [
    'an update without the old object',
    asked({ [MODE]: 'audit' }, {}, { oldObject: null }),
    finds(),
    ['Namespace/team-a: audit (label tallyman.dev/mode, the built-in policy)'],
  ],
  ['a deletion', asked({ [MODE]: 'x' }, {}, { operation: 'DELETE', object: null }), finds(), []],
  ['a finalizer', asked({ [MODE]: 'x' }, {}, { subResource: 'finalize' }), finds(), []],
  [
    'another kind that is sent by mistake',
    asked({ [MODE]: 'x' }, {}, { kind: { group: '', version: 'v1', kind: 'Pod' } }),
    finds(),
    [],
  ],
  [
    'labels that are no texts',
    asked({ [MODE]: 1, [POLICY]: ['lab'], [FROM]: { a: 1 } }, { [MODE]: 'enforce' }),
    finds(),
    ['Namespace/team-a: warn (the built-in policy)'],
  ],
  ['labels that are none', asked('enforce', []), finds(), []],
  ['metadata that is null', asked({}, {}, { object: { metadata: null } }), finds(), []],
]
for (const [what, of, cluster, warnings] of cases)
  t.test(what, async (t) =>
    t.strictSame(await answer(of, cluster), {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: of.uid, allowed: true, ...(warnings.length > 0 && { warnings }) },
    }),
  )

t.test('a label of a megabyte', async (t) => {
  const { warnings } = (await answer(asked({ [MODE]: '\u202e'.repeat(1e6) }))).response
  t.match(warnings, [/^Namespace\/team-a: the label tallyman\.dev\/mode="(\\u\{202e\})+.*\.\.\.$/, /: warn/])
  t.ok(warnings[0].length <= 256)
})

t.test('only this namespace is looked at, as it was and as it will be', async (t) => {
  const looks: unknown[] = []
  const cluster = view(
    {},
    { 'team-a': { [MODE]: 'audit' } },
    {
      preview: async ({ before, after, namespaces, now }) => {
        looks.push([namespaces, before('team-a').namespace.labels, after('team-a').namespace.labels, now])
        return undefined
      },
    },
  )
  const { response } = await answer(asked({ [MODE]: 'enforce' }, { [MODE]: 'warn' }), cluster)
  t.same(looks, [[['team-a'], { [MODE]: 'warn' }, { [MODE]: 'enforce' }, NOW]])
  t.equal(
    response.warnings.at(-1),
    'Namespace/team-a: more may be denied here; tallyman preview team-a says what',
  )
})

const anyLabels = fc.oneof(
  fc.dictionary(
    fc.constantFrom(MODE, FROM, POLICY),
    fc.oneof(fc.constantFrom('enforce', 'warn', '2026-12-07', 'lab', 'x', ''), fc.string({ unit: 'binary' })),
  ),
  fc.jsonValue(),
)
const anyObject = fc.oneof(
  anyLabels.map((labels) => ({ metadata: { labels } })),
  fc.dictionary(fc.constantFrom('metadata', 'labels', '__proto__'), fc.jsonValue()),
)

t.test('whatever is asked, it is let through within bounds', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyObject,
      fc.oneof(anyObject, fc.constant(null)),
      fc.constantFrom('CREATE', 'UPDATE', 'DELETE', 'CONNECT'),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(override('any'), override('stricter'), override('ignored'), {
        lab: { namespaces: ['team-*'] },
      }),
      async (object, oldObject, operation, name, specs) => {
        const change = { object, oldObject, operation: operation as 'CREATE', name: name || undefined }
        const { response } = await answer(asked({}, {}, change), finds(specs))
        const { allowed, warnings = [] } = response
        return (
          allowed &&
          warnings.length <= 10 &&
          warnings.join('').length <= 2000 &&
          warnings.every((line: string) => isPlainLine(line) && line.length <= 256)
        )
      },
    ),
    { numRuns: 300 },
  )
})
