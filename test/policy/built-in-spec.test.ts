import t from 'tap'
import { BUILT_IN_SPEC } from '../../src/policy/built-in-spec.ts'

t.test('nobody is denied before somebody decides so', async (t) => {
  t.equal(BUILT_IN_SPEC.mode, 'warn')
  t.same(BUILT_IN_SPEC.namespaceModes, [])
  t.equal(BUILT_IN_SPEC.ownedObjects, 'audit')
})
