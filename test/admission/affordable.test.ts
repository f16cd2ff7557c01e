import t from 'tap'
import { affordable } from '../../src/admission/affordable.ts'
import { setOf } from './views.ts'

const globs = (count: number) => Array.from({ length: count }, (_, index) => `team-${index}`)
const modes = (entries: number, each: number) =>
  Array.from({ length: entries }, () => ({ namespaces: globs(each), mode: 'warn' }))

t.test('every namespace of a large cluster under usual policies', async (t) => {
  t.ok(affordable(setOf()) >= 10_000)
  t.ok(
    affordable(setOf({ default: { namespaceModes: modes(5, 2) }, lab: { namespaces: globs(10) } })) >= 10_000,
  )
})

t.test('the policy with the most globs counts, and each set', async (t) => {
  const many = setOf({ default: { namespaceModes: modes(50, 100) }, lab: {} })
  t.equal(affordable(many), 100)
  t.equal(affordable(many, many), 50)
  t.equal(affordable(setOf({ lab: { namespaces: globs(100) } })), 5_000)
})
