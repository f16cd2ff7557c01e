import t from 'tap'
import { parsePolicy } from '../../src/policy/parse.ts'
import { type Switch, switchFor } from '../../src/policy/switch.ts'

const NOON = new Date('2026-11-23T12:00:00Z')

function policy(spec: string, namespaceOverride = 'any') {
  return parsePolicy(
    `{apiVersion: tallyman.dev/v1alpha1, kind: TagPolicy, metadata: {name: default}, spec: {${spec}, cluster: {namespaceOverride: ${namespaceOverride}}}}`,
    'policy.yaml',
  )
}

const DATED = 'mode: enforce, enforceFrom: 2026-12-07'
const cases: [
  what: string,
  spec: string,
  override: string,
  namespace: string,
  labels: Record<string, string>,
  expected: Partial<Switch>,
][] = [
  ['the mode', 'mode: audit', 'any', 'a', {}, { mode: 'audit', source: 'mode', problems: [] }],
  [
    'enforce before its day',
    DATED,
    'any',
    'a',
    {},
    { mode: 'warn', deniedFrom: '2026-12-07', source: 'mode' },
  ],
  [
    'a day under a milder mode',
    'mode: warn, enforceFrom: 2026-12-07',
    'any',
    'a',
    {},
    { mode: 'warn', deniedFrom: undefined, source: 'mode' },
  ],
  [
    'what a label may not weaken, without a day that has no effect',
    'mode: warn, enforceFrom: 2026-12-07',
    'stricter',
    'a',
    { 'tallyman.dev/mode': 'audit' },
    {
      mode: 'warn',
      problems: [
        'the label tallyman.dev/mode is ignored: the policy lets a namespace be stricter only, and here holds warn',
      ],
    },
  ],
  [
    'the first entry that matches',
    'mode: enforce, namespaceModes: [{namespaces: [b], mode: audit}, {namespaces: ["a*"], mode: warn}, {namespaces: [a], mode: disabled}]',
    'any',
    'a',
    {},
    { mode: 'warn', source: 'namespaceModes[1]' },
  ],
  [
    'an entry without a day is not dated by the policy',
    `${DATED}, namespaceModes: [{namespaces: [a], mode: enforce}]`,
    'any',
    'a',
    {},
    { mode: 'enforce', source: 'namespaceModes[0]' },
  ],
  [
    'an entry with a day',
    'mode: enforce, namespaceModes: [{namespaces: [a], mode: enforce, enforceFrom: 2027-01-11}]',
    'any',
    'a',
    {},
    { mode: 'warn', deniedFrom: '2027-01-11', source: 'namespaceModes[0]' },
  ],
  [
    'no entry is for objects of cluster scope',
    'mode: enforce, namespaceModes: [{namespaces: ["*"], mode: warn}]',
    'any',
    '',
    {},
    { mode: 'enforce', source: 'mode' },
  ],
  [
    'a label',
    'mode: enforce',
    'any',
    'a',
    { 'tallyman.dev/mode': 'audit' },
    { mode: 'audit', source: 'label tallyman.dev/mode', problems: [] },
  ],
  [
    'a label beats an entry',
    'mode: enforce, namespaceModes: [{namespaces: [a], mode: warn}]',
    'any',
    'a',
    { 'tallyman.dev/mode': 'enforce' },
    { mode: 'enforce', source: 'label tallyman.dev/mode' },
  ],
  [
    'a label without a day drops the day of the policy',
    DATED,
    'any',
    'a',
    { 'tallyman.dev/mode': 'enforce' },
    { mode: 'enforce', deniedFrom: undefined },
  ],
  [
    'a label with a day',
    'mode: warn',
    'any',
    'a',
    { 'tallyman.dev/mode': 'enforce', 'tallyman.dev/enforce-from': '2027-01-11' },
    { mode: 'warn', deniedFrom: '2027-01-11', source: 'label tallyman.dev/mode' },
  ],
  [
    'a day alone moves the day',
    DATED,
    'any',
    'a',
    { 'tallyman.dev/enforce-from': '2027-01-11' },
    { mode: 'warn', deniedFrom: '2027-01-11', source: 'label tallyman.dev/enforce-from' },
  ],
  [
    'a day alone that has begun',
    DATED,
    'any',
    'a',
    { 'tallyman.dev/enforce-from': '2026-11-23' },
    { mode: 'enforce', deniedFrom: undefined },
  ],
  [
    'a day alone where nothing is enforced',
    'mode: warn',
    'any',
    'a',
    { 'tallyman.dev/enforce-from': '2027-01-11' },
    {
      mode: 'warn',
      deniedFrom: undefined,
      source: 'mode',
      problems: [
        'the label tallyman.dev/enforce-from="2027-01-11" is ignored: the mode is warn; set tallyman.dev/mode=enforce beside it',
      ],
    },
  ],
  [
    'a day beside a milder mode',
    'mode: enforce',
    'any',
    'a',
    { 'tallyman.dev/mode': 'audit', 'tallyman.dev/enforce-from': '2027-01-11' },
    {
      mode: 'audit',
      problems: [
        'the label tallyman.dev/enforce-from="2027-01-11" is ignored: the mode is audit; set tallyman.dev/mode=enforce beside it',
      ],
    },
  ],
  [
    'a misspelt mode',
    'mode: enforce',
    'any',
    'a',
    { 'tallyman.dev/mode': 'wran' },
    {
      mode: 'enforce',
      source: 'mode',
      problems: ['the label tallyman.dev/mode="wran" is ignored: did you mean warn?'],
    },
  ],
  [
    'an unknown mode',
    'mode: enforce',
    'any',
    'a',
    { 'tallyman.dev/mode': 'lenient' },
    {
      mode: 'enforce',
      problems: [
        'the label tallyman.dev/mode="lenient" is ignored: the modes are disabled, audit, warn, enforce',
      ],
    },
  ],
  [
    'off',
    'mode: enforce',
    'any',
    'a',
    { 'tallyman.dev/mode': 'off' },
    {
      mode: 'enforce',
      problems: ['the label tallyman.dev/mode="off" is ignored: the mode is called disabled'],
    },
  ],
  [
    'an empty label',
    'mode: enforce',
    'any',
    'a',
    { 'tallyman.dev/mode': '' },
    {
      mode: 'enforce',
      source: 'mode',
      problems: ['the label tallyman.dev/mode="" is ignored: the modes are disabled, audit, warn, enforce'],
    },
  ],
  [
    'an impossible day with enforce denies nothing early',
    'mode: warn',
    'any',
    'a',
    { 'tallyman.dev/mode': 'enforce', 'tallyman.dev/enforce-from': '2026-02-30' },
    {
      mode: 'warn',
      source: 'mode',
      problems: [
        'the label tallyman.dev/enforce-from="2026-02-30" is ignored: 2026-02-30 is not a day of the calendar: February 2026 has 28 days',
        'the label tallyman.dev/mode="enforce" is ignored: the day beside it, in tallyman.dev/enforce-from, is none',
      ],
    },
  ],
  [
    'an impossible day with a milder mode',
    'mode: enforce',
    'any',
    'a',
    { 'tallyman.dev/mode': 'audit', 'tallyman.dev/enforce-from': 'soon' },
    {
      mode: 'audit',
      problems: [
        'the label tallyman.dev/enforce-from="soon" is ignored: must be a day as yyyy-mm-dd, such as 2026-12-07, not "soon"',
      ],
    },
  ],
  ['other labels', 'mode: warn', 'any', 'a', { team: 'a' }, { mode: 'warn', source: 'mode', problems: [] }],
  [
    'stricter lets a stricter one through',
    'mode: warn',
    'stricter',
    'a',
    { 'tallyman.dev/mode': 'enforce' },
    { mode: 'enforce', problems: [] },
  ],
  [
    'stricter lets the same one through',
    'mode: warn',
    'stricter',
    'a',
    { 'tallyman.dev/mode': 'warn' },
    { mode: 'warn', problems: [] },
  ],
  [
    'stricter lets an earlier day through',
    DATED,
    'stricter',
    'a',
    { 'tallyman.dev/enforce-from': '2026-12-01' },
    { mode: 'warn', deniedFrom: '2026-12-01' },
  ],
  [
    'stricter refuses a milder one',
    'mode: enforce',
    'stricter',
    'a',
    { 'tallyman.dev/mode': 'warn' },
    {
      mode: 'enforce',
      source: 'mode',
      problems: [
        'the label tallyman.dev/mode is ignored: the policy lets a namespace be stricter only, and here holds enforce',
      ],
    },
  ],
  [
    'stricter refuses what will be milder',
    DATED,
    'stricter',
    'a',
    { 'tallyman.dev/mode': 'warn' },
    {
      mode: 'warn',
      deniedFrom: '2026-12-07',
      problems: [
        'the label tallyman.dev/mode is ignored: the policy lets a namespace be stricter only, and here holds enforce from 2026-12-07',
      ],
    },
  ],
  [
    'stricter refuses a later day',
    DATED,
    'stricter',
    'a',
    { 'tallyman.dev/enforce-from': '2027-01-11' },
    { mode: 'warn', deniedFrom: '2026-12-07' },
  ],
  [
    'ignored',
    'mode: warn',
    'ignored',
    'a',
    { 'tallyman.dev/mode': 'enforce' },
    {
      mode: 'warn',
      source: 'mode',
      problems: ['the label tallyman.dev/mode is ignored: the policy lets no namespace change its mode'],
    },
  ],
]
for (const [what, spec, override, name, labels, expected] of cases) {
  t.test(what, async (t) => {
    const answer = switchFor(policy(spec, override), { name, labels }, NOON)
    for (const [key, value] of Object.entries(expected)) t.same(answer[key as keyof Switch], value, key)
  })
}

t.test('the day begins at 00:00 UTC', async (t) => {
  const dated = policy(DATED)
  const at = (time: string) => switchFor(dated, { name: 'a', labels: {} }, new Date(time))
  t.same(at('2026-12-06T23:59:59.999Z'), {
    mode: 'warn',
    deniedFrom: '2026-12-07',
    source: 'mode',
    problems: [],
  })
  t.same(at('2026-12-07T00:00:00.000Z'), { mode: 'enforce', source: 'mode', problems: [] })
  t.same(at('2026-12-07T00:30:00.000+01:00').mode, 'warn')
})
