import fc from 'fast-check'
import t from 'tap'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { changedSet, choosePolicy, type PolicySet, policySet } from '../../src/policy/policy-set.ts'
import type { TagPolicy } from '../../src/policy/schema.ts'
import type { Namespace } from '../../src/policy/switch.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'

type Override = 'any' | 'stricter' | 'ignored'

const policy = (name: string, spec: object): TagPolicy => readTagPolicyObject({ metadata: { name }, spec })
const set = (...policies: TagPolicy[]) => policySet(new Map(policies.map((it) => [it.metadata.name, it])))
const cluster = (namespaceOverride: Override) => policy('default', { cluster: { namespaceOverride } })
const labelled = (name: string, value?: string): Namespace => ({
  name,
  labels: value === undefined ? {} : { 'tallyman.dev/policy': value },
})

const lax = policy('lax', { mode: 'disabled' })
const offered = policy('offered', { mode: 'warn', namespaces: ['team-*'] })

const cases: [
  override: Override,
  namespace: string,
  label: string | undefined,
  chosen: string,
  problem?: RegExp,
][] = [
  ['any', 'team-a', undefined, 'default'],
  ['any', 'team-a', '', 'default'],
  ['any', 'team-a', 'default', 'default'],
  ['any', 'team-a', 'lax', 'lax'],
  ['any', 'team-a', 'offered', 'offered'],
  ['any', 'lab', 'offered', 'default', /does not list this namespace/],
  ['any', 'team-a', 'missing', 'default', /no TagPolicy of that name is in force; TagPolicy default holds$/],
  ['any', 'team-a', 'constructor', 'default', /no TagPolicy of that name/],
  ['stricter', 'team-a', 'lax', 'default', /with namespaceOverride stricter a TagPolicy has to list/],
  ['stricter', 'team-a', 'offered', 'offered'],
  ['stricter', 'lab', 'offered', 'default', /does not list this namespace/],
  ['ignored', 'team-a', 'lax', 'default', /with namespaceOverride ignored/],
  ['ignored', 'team-a', 'offered', 'offered'],
]
for (const [override, namespace, label, chosen, problem] of cases) {
  t.test(`${override}: ${namespace} with ${label ?? 'no label'} has ${chosen}`, async (t) => {
    const found = choosePolicy(set(cluster(override), lax, offered), labelled(namespace, label))
    t.equal(found.policy.name, chosen)
    t.equal(found.byLabel, chosen !== 'default')
    if (problem === undefined) t.equal(found.problem, undefined)
    else t.match(found.problem, problem)
  })
}

t.test('where nobody made a default, the built-in one holds', async (t) => {
  const policies = set(lax)
  t.equal(choosePolicy(policies, labelled('a')).policy, builtInPolicy())
  t.equal(policies.find('default'), undefined)
  t.equal(choosePolicy(policies, labelled('a', 'lax')).policy.name, 'lax')
})

t.test('facts about the cluster come from the default, in all', async (t) => {
  const own = policy('default', { cluster: { alwaysPullImages: true, trustedControllers: ['robot'] } })
  const policies = set(own, lax)
  t.equal(policies.find('lax')?.cluster, policies.default.cluster)
  t.strictSame(policies.find('lax')?.cluster.trustedControllers, ['robot'])
})

t.test('--mode replaces the switch of each', async (t) => {
  const policies = policySet(new Map([['lax', lax]]), 'enforce')
  t.equal(policies.default.mode, 'enforce')
  t.equal(policies.find('lax')?.mode, 'enforce')
})

t.test(
  '--mode leaves the choice of a policy to the labels of namespaces, as far as it is theirs',
  async (t) => {
    const choice = (override: Override) => {
      const sources = [cluster(override), lax].map((it) => [it.metadata.name, it] as const)
      return choosePolicy(policySet(new Map(sources), 'audit'), labelled('team-a', 'lax'))
    }
    t.equal(choice('any').policy.name, 'lax')
    t.match(choice('stricter'), { policy: { name: 'default' }, problem: /namespaceOverride stricter/ })
  },
)

t.test('under stricter and ignored no label chooses a policy that does not list the namespace', async () => {
  const protectedSets = (['stricter', 'ignored'] as const).map((it) => set(cluster(it), lax, offered))
  const name = fc.constantFrom('team-a', 'lab', 'team', 'xteam-a')
  fc.assert(
    fc.property(
      name,
      fc.oneof(fc.string(), fc.constantFrom('lax', 'offered', 'default')),
      (namespace, label) =>
        protectedSets.every((policies) => {
          const { policy } = choosePolicy(policies, labelled(namespace, label))
          return policy.name === 'default' || policy.offeredTo?.(namespace) === true
        }),
    ),
  )
})

t.test('a change of one policy leaves the others, and what --mode asks for', async (t) => {
  const before = policySet(new Map([['lax', lax]]), 'audit')
  const added = changedSet(before, 'offered', offered)
  t.same([...before.sources.keys()], ['lax'])
  t.same([...added.sources.keys()], ['lax', 'offered'])
  t.same([added.mode, added.default.mode, added.find('lax')?.mode], ['audit', 'audit', 'audit'])
  t.equal(changedSet(added, 'lax', undefined).find('lax'), undefined)
  t.equal(changedSet(added, 'missing', undefined).sources.size, 2)
})

const own = (mode: string, trusted: string) =>
  policy('default', { mode, cluster: { trustedControllers: [trusted] } })
const kept: [what: string, change: (set: PolicySet) => PolicySet, stays: boolean][] = [
  ['another policy', (set) => changedSet(set, 'offered', policy('offered', { mode: 'audit' })), true],
  ['a new policy', (set) => changedSet(set, 'new', policy('new', {})), true],
  ['the mode of the default', (set) => changedSet(set, 'default', own('enforce', 'a')), true],
  ['the facts of the default', (set) => changedSet(set, 'default', own('warn', 'b')), false],
  ['the end of the default', (set) => changedSet(set, 'default', undefined), false],
  ['another text of it', (set) => changedSet(set, 'lax', policy('lax', { mode: 'audit' })), false],
  ['--mode', ({ sources, ...set }) => policySet(sources, 'warn', { sources, ...set }), false],
]
for (const [what, change, stays] of kept)
  t.test(`${what} ${stays ? 'leaves a policy as it was compiled' : 'makes it anew'}`, async (t) => {
    const before = set(own('warn', 'a'), lax, offered)
    const after = change(before)
    t.equal(after.find('lax') === before.find('lax'), stays)
    const fresh = policySet(after.sources, after.mode)
    for (const name of after.sources.keys())
      t.equal(JSON.stringify(after.find(name)), JSON.stringify(fresh.find(name)), name)
    t.strictSame(after.facts.trustedControllers, fresh.facts.trustedControllers)
    for (const name of after.sources.keys())
      t.equal(after.find(name)?.cluster.readImage, after.facts.readImage)
  })
