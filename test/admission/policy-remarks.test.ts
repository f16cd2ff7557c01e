import t from 'tap'
import { policyRemarks } from '../../src/admission/policy-remarks.ts'
import { changedSet, policySet } from '../../src/policy/policy-set.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'
import { type Specs, setOf, view } from './views.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const LAB = { 'tallyman.dev/policy': 'lab' }
const ENFORCE = { 'tallyman.dev/mode': 'enforce' }

/** What is said of a TagPolicy that is written into a cluster, without its name. */
function remarks(
  name: string,
  spec: object,
  before: Specs = {},
  namespaces: Record<string, Record<string, string>> = {},
): string[] {
  const tagPolicy = readTagPolicyObject({ metadata: { name }, spec })
  const set = setOf(before)
  const subject = `TagPolicy/${name}`
  const written = { subject, tagPolicy, before: set, after: changedSet(set, name, tagPolicy) }
  const { namespaces: known } = view({}, namespaces)
  return policyRemarks({ ...written, namespaces: known }, NOW).map((line) => {
    t.ok(line.startsWith(`${subject}: `) && line.length <= 256, line)
    return line.slice(subject.length + 2)
  })
}

const exemption = (name: string, expires?: string) => ({
  name,
  images: ['a'],
  reason: 'r',
  ...(expires && { expires }),
})
const engine = {
  group: 'example.com',
  kind: 'Engine',
  resource: 'engines',
  images: [{ image: 'spec.image' }],
}
/** A row of a policy in place of a built-in one, whose rule the webhook configuration has. */
const rayJob = { group: 'ray.io', kind: 'RayJob', resource: 'rayjobs', podSpecs: ['spec.template.spec'] }
const override = (namespaceOverride: string) => ({ cluster: { namespaceOverride } })

const cases: [
  what: string,
  name: string,
  spec: object,
  before: Specs,
  namespaces: Record<string, Record<string, string>>,
  said: string[],
][] = [
  [
    'nothing of note',
    'default',
    { mode: 'enforce', exemptions: [exemption('a'), exemption('b', '2027-12-31')] },
    {},
    {},
    [],
  ],
  [
    'days that count',
    'default',
    {
      mode: 'enforce',
      enforceFrom: '2026-12-07',
      namespaceModes: [{ namespaces: ['a'], mode: 'enforce', enforceFrom: '2026-12-08' }],
    },
    {},
    {},
    [],
  ],
  [
    'a day that a milder mode leaves without effect',
    'default',
    { mode: 'warn', enforceFrom: '2026-12-07' },
    {},
    {},
    ['a day has no effect until the mode is enforce: enforceFrom 2026-12-07 (mode warn)'],
  ],
  [
    'such days in entries, and where no mode is written',
    'lab',
    {
      enforceFrom: '2026-12-07',
      namespaceModes: [
        { namespaces: ['a'], mode: 'enforce', enforceFrom: '2026-12-08' },
        { namespaces: ['b'], mode: 'audit', enforceFrom: '2026-12-09' },
        { namespaces: ['c'], mode: 'disabled', enforceFrom: '2026-12-10' },
      ],
    },
    {},
    {},
    [
      'a day has no effect until the mode is enforce: enforceFrom 2026-12-07 (mode warn), namespaceModes[1].enforceFrom 2026-12-09 (mode audit) and namespaceModes[2].enforceFrom 2026-12-10 (mode disabled)',
    ],
  ],
  [
    'exemptions at their end',
    'default',
    {
      exemptions: [
        exemption('a', '2026-11-22'),
        exemption('b', '2026-11-23'),
        exemption('c', '2026-12-07'),
        exemption('d', '2026-12-08'),
      ],
    },
    {},
    {},
    [
      '1 exemption has expired and covers nothing: a (2026-11-22); remove it, or set a later expires',
      '2 exemptions end within 14 days: b (2026-11-23) and c (2026-12-07); whoever uses one is warned',
    ],
  ],
  [
    'a new kind',
    'default',
    { cluster: { workloads: [engine, rayJob] } },
    {},
    {},
    [
      'the API server sends Engine.example.com only by a rule of the webhook configuration, which tallyman webhook-rules --policy FILE prints',
    ],
  ],
  [
    'a kind that was there before',
    'default',
    { mode: 'audit', cluster: { workloads: [engine] } },
    { default: { cluster: { workloads: [engine] } } },
    {},
    [],
  ],
  [
    'labels that may only be stricter now',
    'default',
    override('stricter'),
    { lab: {}, offered: { namespaces: ['c'] } },
    { a: ENFORCE, b: LAB, c: { 'tallyman.dev/policy': 'offered' }, d: {} },
    [
      'with namespaceOverride stricter the labels tallyman.dev/mode and tallyman.dev/enforce-from of 1 namespace count only where they are stricter: a',
      'with namespaceOverride stricter the label tallyman.dev/policy of 1 namespace is ignored, because the TagPolicy does not list them: b',
    ],
  ],
  [
    'labels that are ignored now',
    'default',
    override('ignored'),
    { default: override('stricter') },
    { b: ENFORCE, a: { 'tallyman.dev/enforce-from': '2026-12-07' } },
    [
      'with namespaceOverride ignored the labels tallyman.dev/mode and tallyman.dev/enforce-from of 2 namespaces are ignored: a and b',
    ],
  ],
  [
    'labels that may do more now',
    'default',
    override('any'),
    { default: override('ignored') },
    { a: ENFORCE },
    [],
  ],
  ['a policy that anybody may choose', 'lab', { mode: 'warn' }, {}, { a: LAB }, []],
  [
    'a policy that nobody can choose',
    'lab',
    { mode: 'warn' },
    { default: override('stricter') },
    {},
    [
      'no namespace can choose it, because with namespaceOverride stricter it has to list in spec.namespaces those that may',
    ],
  ],
  [
    'namespaces that it does not list',
    'lab',
    { mode: 'warn', namespaces: ['team-*'] },
    {},
    { 'team-a': LAB, y: LAB, x: LAB },
    [
      '2 namespaces name it in tallyman.dev/policy, but spec.namespaces does not list them, so TagPolicy default holds there: x and y',
    ],
  ],
]
for (const [what, name, spec, before, namespaces, said] of cases)
  t.test(what, async (t) => t.same(remarks(name, spec, before, namespaces), said))

t.test('many namespaces are counted', async (t) => {
  const namespaces = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`team-${index}`, LAB]))
  const [line] = remarks('lab', { namespaces: ['x'] }, {}, namespaces)
  t.match(line, /^1000 namespaces name it .* holds there: team-0, team-1, .* and 9\d\d more$/)
})

t.test('under --mode no mode of a policy has an effect', async (t) => {
  const set = policySet(new Map(), 'warn')
  const tagPolicy = readTagPolicyObject({ metadata: { name: 'default' }, spec: { mode: 'enforce' } })
  const after = changedSet(set, 'default', tagPolicy)
  t.same(
    policyRemarks(
      { subject: 'TagPolicy/default', tagPolicy, before: set, after, namespaces: new Map() },
      NOW,
    ),
    ['TagPolicy/default: tallyman runs with --mode warn, which holds in place of the mode of every policy'],
  )
})

t.test('under --mode labels choose a policy as before', async (t) => {
  const set = policySet(new Map(), 'warn')
  const lab = readTagPolicyObject({ metadata: { name: 'lab' }, spec: {} })
  const after = changedSet(set, 'lab', lab)
  const namespaces = new Map([['a', { name: 'a', labels: { ...LAB, 'tallyman.dev/mode': 'audit' } }]])
  const [, ...chosen] = policyRemarks(
    { subject: 'TagPolicy/lab', tagPolicy: lab, before: set, after, namespaces },
    NOW,
  )
  t.same(chosen, [])
  const own = readTagPolicyObject({
    metadata: { name: 'default' },
    spec: { cluster: { namespaceOverride: 'stricter' } },
  })
  const stricter = changedSet(after, 'default', own)
  const [, ...lost] = policyRemarks(
    { subject: 'TagPolicy/default', tagPolicy: own, before: after, after: stricter, namespaces },
    NOW,
  )
  t.same(lost.length, 1)
  t.match(lost, [/the label tallyman\.dev\/policy of 1 namespace is ignored/])
})
