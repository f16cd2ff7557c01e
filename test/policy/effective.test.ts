import t from 'tap'
import { BUILT_IN_SPEC } from '../../src/policy/built-in-spec.ts'
import { effectiveSpec } from '../../src/policy/effective.ts'

t.test('what is absent is as in the built-in policy', async (t) => {
  t.same(effectiveSpec({ spec: {} }), BUILT_IN_SPEC)
})

t.test('what is there replaces it, field by field', async (t) => {
  const spec = effectiveSpec({
    spec: {
      mode: 'enforce',
      rules: { floatingTag: 'audit' },
      exemptions: [],
      cluster: { registries: [], tagKinds: { floating: ['edge-*'] } },
    },
  })
  t.equal(spec.mode, 'enforce')
  t.same(spec.rules, { ...BUILT_IN_SPEC.rules, floatingTag: 'audit' })
  t.same(spec.exemptions, [])
  t.same(spec.cluster, {
    ...BUILT_IN_SPEC.cluster,
    registries: [],
    tagKinds: { ...BUILT_IN_SPEC.cluster.tagKinds, floating: ['edge-*'] },
  })
})
