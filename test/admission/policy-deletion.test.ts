import t from 'tap'
import { deletionRemarks } from '../../src/admission/policy-deletion.ts'
import { changedSet } from '../../src/policy/policy-set.ts'
import { type Specs, setOf, view } from './views.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const LAB = { 'tallyman.dev/policy': 'lab' }
const AND_ENFORCE = { ...LAB, 'tallyman.dev/mode': 'enforce' }

function remarks(name: string, specs: Specs, namespaces: Record<string, Record<string, string>>): string[] {
  const before = setOf(specs)
  const { namespaces: known } = view({}, namespaces)
  const after = changedSet(before, name, undefined)
  return deletionRemarks({ subject: `TagPolicy/${name}`, name, before, after, namespaces: known }, NOW)
}

const namespaces = { a: LAB, b: AND_ENFORCE, c: LAB, d: {} }
const cases: [
  what: string,
  name: string,
  specs: Specs,
  namespaces: Record<string, Record<string, string>>,
  said: string[],
][] = [
  ['one that was never in force', 'lab', {}, namespaces, []],
  ['one that nobody chose', 'lab', { lab: {} }, { d: {} }, []],
  ['one that namespaces name but may not have', 'lab', { lab: { namespaces: ['x'] } }, namespaces, []],
  [
    'one namespace',
    'lab',
    { default: { mode: 'enforce', enforceFrom: '2026-12-07' }, lab: {} },
    { a: LAB, d: {} },
    [
      'TagPolicy/lab: 1 namespace has it by label: a',
      'TagPolicy/lab: without it TagPolicy default holds there: enforce from 2026-12-07, until then warn',
    ],
  ],
  [
    'several, in which different modes hold then',
    'lab',
    { default: { mode: 'audit' }, lab: {} },
    namespaces,
    [
      'TagPolicy/lab: 3 namespaces have it by label: a, b and c',
      'TagPolicy/lab: without it TagPolicy default holds there: audit in 2 and enforce in 1',
    ],
  ],
  [
    'where there is no default',
    'lab',
    { lab: {} },
    { a: LAB },
    [
      'TagPolicy/lab: 1 namespace has it by label: a',
      'TagPolicy/lab: without it the built-in policy holds there: warn',
    ],
  ],
  [
    'the default',
    'default',
    { default: { mode: 'enforce' }, lab: {} },
    { ...namespaces, e: {} },
    [
      'TagPolicy/default: without it the built-in policy holds in 2 namespaces, with mode warn, and its facts about the cluster in all',
    ],
  ],
  ['a default that was never in force', 'default', {}, namespaces, []],
]
for (const [what, name, specs, namespaces, said] of cases)
  t.test(what, async (t) => t.same(remarks(name, specs, namespaces), said))

t.test('many namespaces and modes are counted', async (t) => {
  const modes = Array.from({ length: 20 }, (_, index) => ({
    namespaces: [`team-${index}*`],
    mode: 'enforce',
    enforceFrom: `2027-01-${10 + index}`,
  }))
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`team-${index}`, LAB]))
  const lines = remarks('lab', { default: { namespaceModes: modes }, lab: {} }, many)
  for (const line of lines) t.ok(line.length <= 256, line)
  t.match(lines, [
    /: 1000 namespaces have it by label: team-0, team-1, .* and 9\d\d more$/,
    /: enforce from 2027-01-11, until then warn in 111, .* and \d+ more$/,
  ])
})

t.test('where it takes too long to find out what holds then, it is not said', async (t) => {
  const globs = Array.from({ length: 100 }, (_, index) => `x${index}`)
  const modes = Array.from({ length: 500 }, () => ({ namespaces: globs, mode: 'warn' }))
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`team-${index}`, LAB]))
  t.equal(
    remarks('lab', { default: { namespaceModes: modes }, lab: {} }, many)[1],
    'TagPolicy/lab: without it TagPolicy default holds there',
  )
})
