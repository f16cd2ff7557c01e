import fc from 'fast-check'
import t from 'tap'
import { type Accepted, accept, storedPolicy } from '../../src/policy/accepted.ts'
import { PolicyError } from '../../src/policy/problem.ts'

interface Given {
  readonly name?: string
  readonly uid?: string
  readonly generation: number
  readonly spec?: unknown
  readonly accepted?: unknown
}

function stored({ name = 'default', uid = 'u', generation, spec = {}, accepted }: Given) {
  const status = accepted === undefined ? undefined : { accepted }
  return storedPolicy({ metadata: { name, uid, resourceVersion: '1', generation }, spec, status })
}

const WARN = { mode: 'warn' }
const ENFORCE = { mode: 'enforce' }
const BAD = { mode: 'off' }

/** The mode and generation in force after each of some states of one policy. */
function history(...states: Given[]): (string | undefined)[] {
  let known: ReadonlyMap<string, Accepted> = new Map()
  return states.map((state) => {
    known = accept([stored(state)], known)
    const { generation, tagPolicy } = known.get('default') ?? {}
    return tagPolicy && `${tagPolicy.spec.mode} ${generation}`
  })
}

const cases: [what: string, states: Given[], inForce: (string | undefined)[]][] = [
  ['a good one', [{ generation: 1, spec: WARN }], ['warn 1']],
  ['a bad one that nobody knew before', [{ generation: 1, spec: BAD }], [undefined]],
  [
    'a bad one after a good one',
    [
      { generation: 1, spec: WARN },
      { generation: 2, spec: BAD },
    ],
    ['warn 1', 'warn 1'],
  ],
  [
    'a good one after that',
    [
      { generation: 1, spec: WARN },
      { generation: 2, spec: BAD },
      { generation: 3, spec: ENFORCE },
    ],
    ['warn 1', 'warn 1', 'enforce 3'],
  ],
  [
    'one that starts over a refused spec',
    [{ generation: 2, spec: BAD, accepted: { generation: 1, spec: WARN } }],
    ['warn 1'],
  ],
  [
    'one that has missed what the others accepted',
    [
      { generation: 1, spec: WARN },
      { generation: 3, spec: BAD, accepted: { generation: 2, spec: ENFORCE } },
    ],
    ['warn 1', 'enforce 2'],
  ],
  [
    'a status that is behind',
    [
      { generation: 2, spec: ENFORCE },
      { generation: 3, spec: BAD, accepted: { generation: 1, spec: WARN } },
    ],
    ['enforce 2', 'enforce 2'],
  ],
  [
    'a status that makes no sense',
    [{ generation: 2, spec: BAD, accepted: { generation: 1, spec: BAD } }],
    [undefined],
  ],
  [
    'a status of what is still to come',
    [
      { generation: 2, spec: WARN },
      { generation: 3, spec: BAD, accepted: { generation: 9, spec: ENFORCE } },
    ],
    ['warn 2', 'warn 2'],
  ],
  ['a status of another shape', [{ generation: 2, spec: BAD, accepted: 'warn' }], [undefined]],
  [
    'another one of the same name',
    [
      { generation: 5, spec: WARN },
      { uid: 'v', generation: 1, spec: BAD },
    ],
    ['warn 5', undefined],
  ],
]
for (const [what, states, inForce] of cases) {
  t.test(what, async (t) => t.strictSame(history(...states), inForce))
}

t.test('a deleted one is forgotten', async (t) => {
  const known = accept([stored({ generation: 1 })], new Map())
  t.equal(accept([], known).size, 0)
})

t.test('what did not change is known again, so that nobody compiles it twice', async (t) => {
  const first = accept([stored({ generation: 1, spec: WARN })], new Map())
  const second = accept(
    [stored({ generation: 1, spec: WARN, accepted: { generation: 1, spec: WARN } })],
    first,
  )
  t.equal(second.get('default'), first.get('default'))
})

t.test('the mistakes of a refused one are known', async (t) => {
  const { read } = stored({ generation: 1, spec: BAD })
  t.match(read, { source: 'TagPolicy default', problems: [{ field: 'spec.mode' }] })
})

t.test('what cannot be read for a fault of ours is refused', async (t) => {
  const object = {
    metadata: { name: 'default', uid: 'u', resourceVersion: '1', generation: 2 },
    get spec(): object {
      throw new Error('a fault')
    },
  }
  const known = accept([stored({ generation: 1, spec: WARN })], new Map())
  t.match(storedPolicy(object).read, { problems: [{ message: 'cannot be read: a fault' }] })
  t.equal(accept([storedPolicy(object)], known).get('default'), known.get('default'))
})

t.test('a tallyman that starts later agrees with one that was there all the time', async () => {
  const spec = fc.constantFrom(WARN, ENFORCE, BAD)
  fc.assert(
    fc.property(fc.array(spec, { minLength: 1, maxLength: 8 }), (specs) => {
      let known: ReadonlyMap<string, Accepted> = new Map()
      let accepted: object | undefined
      for (const [index, spec] of specs.entries()) {
        const generation = index + 1
        known = accept([stored({ generation, spec, accepted })], known)
        const inForce = known.get('default')
        // What the status remembers is written a little later.
        if (inForce !== undefined) accepted = { generation: inForce.generation, spec: inForce.tagPolicy.spec }
        const late = accept([stored({ generation, spec, accepted })], new Map())
        const same = (one?: Accepted, other?: Accepted) =>
          one?.generation === other?.generation && one?.tagPolicy.spec.mode === other?.tagPolicy.spec.mode
        if (!same(known.get('default'), late.get('default'))) return false
        const read = stored({ generation, spec }).read
        if (read instanceof PolicyError !== (spec === BAD)) return false
      }
      return true
    }),
  )
})

t.test('what has no name is no object', async (t) => {
  t.throws(() => storedPolicy({ metadata: null }), /no metadata\.name/)
})
