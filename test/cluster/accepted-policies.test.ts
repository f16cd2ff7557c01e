import t from 'tap'
import { AcceptedPolicies } from '../../src/cluster/accepted-policies.ts'
import { storedPolicy } from '../../src/policy/accepted.ts'
import { Told } from './clusters.ts'

type Policy = readonly [name: string, mode: string, generation: number, uid?: string]

/** What is told when these are the TagPolicies, one state after another, and how many are refused then. */
function told(...states: readonly (readonly Policy[])[]): [lines: string[], refused: number][] {
  const policies = new AcceptedPolicies(undefined)
  return states.map((state) => {
    const listener = new Told()
    const stored = state.map(([name, mode, generation, uid = name]) =>
      storedPolicy({ metadata: { name, uid, generation, resourceVersion: '1' }, spec: { mode } }),
    )
    policies.take(new Map(stored.map((it) => [it.name, it])), listener)
    return [listener.lines.map((line) => line.replace(/(TagPolicy \w+).*/, '$1')), policies.refused]
  })
}

const cases: [what: string, states: (readonly Policy[])[], told: [string[], number][]][] = [
  [
    'nothing is there, and later still nothing',
    [[], []],
    [
      [['loaded default warn built-in'], 0],
      [[], 0],
    ],
  ],
  [
    'one is made, changed, and deleted',
    [[['lab', 'warn', 1]], [['lab', 'audit', 2]], []],
    [
      [['loaded default warn built-in', 'loaded lab warn 1'], 0],
      [['loaded lab audit 2'], 0],
      [['gone lab'], 0],
    ],
  ],
  [
    'one takes the place of the built-in one, and gives it back',
    [[['default', 'enforce', 1]], []],
    [
      [['loaded default enforce 1'], 0],
      [['loaded default warn built-in'], 0],
    ],
  ],
  [
    'one is broken, broken otherwise, and mended',
    [
      [['lab', 'warn', 1]],
      [['lab', 'off', 2]],
      [['lab', 'off', 2]],
      [['lab', 'no', 3]],
      [['lab', 'audit', 4]],
    ],
    [
      [['loaded default warn built-in', 'loaded lab warn 1'], 0],
      [['refused TagPolicy lab'], 1],
      [[], 1],
      [['refused TagPolicy lab'], 1],
      [['loaded lab audit 4'], 0],
    ],
  ],
  [
    'a broken one is made anew, as broken',
    [[['lab', 'warn', 1]], [['lab', 'off', 1, 'another']]],
    [
      [['loaded default warn built-in', 'loaded lab warn 1'], 0],
      [['gone lab', 'refused TagPolicy lab'], 1],
    ],
  ],
]
for (const [what, states, lines] of cases) t.test(what, async (t) => t.strictSame(told(...states), lines))

t.test('those in force have the hash of their spec, and the mode of --mode', async (t) => {
  const policies = new AcceptedPolicies('audit')
  const specs = { a: {}, b: {}, c: { mode: 'warn' } }
  const stored = Object.entries(specs).map(([name, spec]) => {
    const metadata = { name, uid: name, generation: 7, resourceVersion: '1' }
    return [name, storedPolicy({ metadata, spec })] as const
  })
  policies.take(new Map(stored), new Told())
  t.match(policies.inForce, { length: 4 })
  for (const { policy } of policies.inForce) t.equal(policy.mode, 'audit')
  const [builtIn, a, b, c] = policies.inForce.map(({ version }) => version.hash)
  t.equal(builtIn, 'built-in')
  t.match(a, /^[0-9a-f]{64}$/)
  t.equal(a, b)
  t.not(a, c)
})
