import fc from 'fast-check'
import t from 'tap'
import { sameJson } from '../../src/admission/same-json.ts'

const cases: [what: string, one: unknown, other: unknown, same: boolean][] = [
  ['keys in another order', { a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }, true],
  ['items in another order', [1, 2], [2, 1], false],
  ['a key too many', { a: 1 }, { a: 1, b: 1 }, false],
  ['another key', { a: 1 }, { b: 1 }, false],
  ['a number and its text', { a: 1 }, { a: '1' }, false],
  ['an empty list and no fields', [], {}, false],
  ['null and no fields', null, {}, false],
  ['nothing and nothing', undefined, undefined, true],
  ['nothing and null', undefined, null, false],
  ['a key of every object', {}, JSON.parse('{"__proto__": {}}'), false],
  ['a key that every object inherits, and another', JSON.parse('{"__proto__": {}}'), { a: 1 }, false],
  ['keys that every object inherits', { constructor: 1 }, { toString: 1 }, false],
]
for (const [what, one, other, same] of cases)
  t.test(`${what}: ${same ? 'the same' : 'not the same'}`, async (t) => {
    t.equal(sameJson(one, other), same)
    t.equal(sameJson(other, one), same)
  })

/** The same with the keys of each object in the other order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, reversed(item)])
      .reverse(),
  )
}

t.test('any JSON is the same as itself in another order, and not as another', async () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => sameJson(value, reversed(value))))
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const [a, b] = [one, other].map((value) => JSON.stringify(sorted(value)))
      return sameJson(one, other) === (a === b)
    }),
  )
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [`${key}:`, sorted(item)])
    .concat([['{}']])
}

t.test('however deep', async (t) => {
  const deep = (leaf: unknown) => {
    let value = leaf
    for (let depth = 0; depth < 200_000; depth++) value = [value]
    return value
  }
  t.ok(sameJson(deep(1), deep(1)))
  t.notOk(sameJson(deep(1), deep(2)))
})
