import { readFileSync } from 'node:fs'
import t from 'tap'
import { stringify } from 'yaml'
import { BUILT_IN_TAG_POLICY, builtInPolicy } from '../../src/policy/built-in.ts'
import { effectiveSpec } from '../../src/policy/effective.ts'
import { exemptionFor } from '../../src/policy/exemptions.ts'
import { readTagPolicy } from '../../src/policy/parse.ts'
import { DEFAULT_RULE_MODES } from '../../src/policy/rule-modes.ts'

const SHIPPED = new URL('../../deploy/components/policy-file/policy.yaml', import.meta.url)
const shipped = readTagPolicy(readFileSync(SHIPPED, 'utf8'), 'policy.yaml')

t.test('the policy that ships says what the built-in one says', async (t) => {
  t.same(shipped.metadata.name, builtInPolicy().name)
  t.same(effectiveSpec(shipped), effectiveSpec(BUILT_IN_TAG_POLICY))
  t.same(shipped.spec, BUILT_IN_TAG_POLICY.spec, 'and it shows all of it')
})

t.test('the built-in policy passes its own validation', async (t) => {
  t.same(readTagPolicy(stringify(BUILT_IN_TAG_POLICY), 'built-in'), BUILT_IN_TAG_POLICY)
})

t.test('what the built-in policy says', async (t) => {
  const policy = builtInPolicy()
  t.equal(policy.mode, 'warn')
  t.same(policy.rules, DEFAULT_RULE_MODES)
  t.same(policy.cluster.keepingRegistries, ['registry.console.elementai.com'])
  const { readImage } = policy.cluster
  t.same(readImage('volatile-registry.console.elementai.com/a:1.2.3').registry?.retention, {
    defaultHours: 24,
    suffix: true,
    maximum: { days: 90, months: 3 },
  })
  t.equal(readImage('nvcr.io/nvidia/pytorch:24.01-py3').kind.name, 'version')
  t.equal(readImage('postgres:16.3').kind.name, 'version')
  t.equal(readImage('registry.k8s.io/pause:3.10').kind.name, 'version')
  const auto = { rule: 'latestTag', image: readImage('auto'), namespace: 'a' } as const
  const now = new Date('2026-11-23')
  t.equal(exemptionFor(policy, { ...auto, container: 'istio-proxy' }, now).exemption?.name, 'istio-gateway')
  t.same(exemptionFor(policy, { ...auto, container: 'main' }, now), {})
})

t.test('nothing in it can be changed', async (t) => {
  const policy = builtInPolicy()
  const parts = [policy, policy.rules, policy.exemptions, policy.exemptions[0], policy.cluster]
  for (const part of parts) t.ok(Object.isFrozen(part))
  t.equal(builtInPolicy(), policy, 'it is made once')
})
