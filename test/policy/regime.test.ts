import t from 'tap'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { readTagPolicy } from '../../src/policy/parse.ts'
import { policySet } from '../../src/policy/policy-set.ts'
import { clusterRegime, uniformRegime } from '../../src/policy/regime.ts'

const policy = (name: string) => {
  const text = `{apiVersion: tallyman.dev/v1alpha1, kind: TagPolicy, metadata: {name: ${name}}, spec: {mode: audit}}`
  return [name, readTagPolicy(text, name)] as const
}

t.test('in a cluster the label of a namespace chooses', async (t) => {
  const set = policySet(new Map([policy('default'), policy('strict')]))
  const labelled = { name: 'team-a', labels: { 'tallyman.dev/policy': 'strict' } }
  const regime = clusterRegime(set, new Map([['team-a', labelled]]))
  t.equal(regime('team-a').policy.name, 'strict')
  t.equal(regime('team-a').namespace, labelled)
  for (const unknown of ['team-b', '', '__proto__']) {
    t.equal(regime(unknown).policy, set.default)
    t.strictSame(regime(unknown).namespace, { name: unknown, labels: {} })
  }
})

t.test('a file says the same everywhere', async (t) => {
  const regime = uniformRegime(builtInPolicy())
  t.strictSame(regime('team-a'), { policy: builtInPolicy(), namespace: { name: 'team-a', labels: {} } })
})
