import t from 'tap'
import { deepFreeze } from '../../src/policy/deep-freeze.ts'

t.test('everything within is frozen, also what a frozen object holds', async (t) => {
  const value = { list: [{ a: 1 }], frozen: Object.freeze({ inner: { b: 2 } }), call: () => 1, none: null }
  t.equal(deepFreeze(value), value)
  for (const part of [value, value.list, value.list[0], value.frozen.inner, value.call])
    t.ok(Object.isFrozen(part))
})

t.test('a circle ends', async (t) => {
  const value: { self?: unknown } = {}
  value.self = value
  t.ok(Object.isFrozen(deepFreeze(value)))
})
