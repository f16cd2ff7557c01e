import t from 'tap'
import { BUILT_IN_SPEC } from '../../src/policy/built-in-spec.ts'
import { customResourceDefinition } from '../../src/policy/custom-resource.ts'
import { effectiveSpec } from '../../src/policy/effective.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'
import { manifest } from './manifests.ts'

t.test('deploy/ holds the definition that the schema makes', async (t) => {
  const [definition] = manifest('base/crd/custom-resource-definition.yaml')
  t.same(definition, customResourceDefinition(), 'to write deploy/base/crd anew: make crd')
})

t.test('the sample policy says what holds without it', async (t) => {
  const [sample] = manifest('samples/tag-policy.yaml')
  t.same(effectiveSpec(readTagPolicyObject(sample)), BUILT_IN_SPEC)
})
