import t from 'tap'
import { checkCoherence } from '../../src/policy/coherence.ts'
import { ProblemList } from '../../src/policy/problem-list.ts'

const found = (value: unknown) => {
  const problems = new ProblemList(() => 1)
  checkCoherence({ value, offsets: new Map() }, problems)
  return problems.inOrder().map(({ field }) => field)
}

t.test('what other checks left out is no mistake here', async (t) => {
  for (const value of [
    undefined,
    {},
    { spec: {} },
    {
      spec: {
        exemptions: [undefined, {}],
        namespaceModes: [undefined],
        cluster: { workloads: [undefined], registries: [undefined, {}] },
      },
    },
  ]) {
    t.same(found(value), [])
  }
})

t.test('a day stays where the mode is switched back: that is one command', async (t) => {
  const enforceFrom = '2026-12-07'
  for (const spec of [
    { enforceFrom },
    { mode: 'warn', enforceFrom },
    { namespaceModes: [{ namespaces: ['a'], mode: 'audit', enforceFrom }] },
  ])
    t.same(found({ spec }), [])
})

t.test('what contradicts or repeats another field', async (t) => {
  t.same(found({ spec: { exemptions: [{ name: 'a' }, undefined, { name: 'a' }, { name: 'a' }] } }), [
    'spec.exemptions[2].name',
    'spec.exemptions[3].name',
  ])
})
