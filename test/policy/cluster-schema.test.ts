import t from 'tap'
import { BUILT_IN_SPEC } from '../../src/policy/built-in-spec.ts'
import { ClusterSchema } from '../../src/policy/cluster-schema.ts'

t.test('the built-in policy says something for each field', async (t) => {
  t.same(Object.keys(ClusterSchema.properties).sort(), Object.keys(BUILT_IN_SPEC.cluster).sort())
})
