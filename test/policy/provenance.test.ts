import t from 'tap'
import { readTagPolicy } from '../../src/policy/parse.ts'
import { policySet } from '../../src/policy/policy-set.ts'
import { provenanceOf } from '../../src/policy/provenance.ts'

const NOON = new Date('2026-11-23T12:00:00Z')

/** The policies of a cluster from the text of their specs. */
function set(specs: Readonly<Record<string, string>>) {
  const text = (name: string, spec: string) =>
    `{apiVersion: tallyman.dev/v1alpha1, kind: TagPolicy, metadata: {name: ${name}}, spec: {${spec}}}`
  return policySet(
    new Map(Object.entries(specs).map(([name, spec]) => [name, readTagPolicy(text(name, spec), name)])),
  )
}

const shown = (specs: Record<string, string>, labels?: Record<string, string>) =>
  provenanceOf(set(specs), labels && { name: 'team-a', labels }, NOON)

t.test('where there is no policy, all is built in', async (t) => {
  for (const labels of [undefined, {}]) {
    const { rules, cluster, ...rest } = shown({}, labels)
    t.match(rest, {
      policy: { value: 'default', from: 'built-in' },
      mode: { value: 'warn', from: 'built-in' },
      ignored: [],
      ephemeralContainers: { value: 'warn', from: 'built-in' },
      ownedObjects: { value: 'audit', from: 'built-in' },
      helpURL: undefined,
      exemptions: { from: 'built-in', value: [{ name: 'istio-gateway' }], elsewhere: 0 },
    })
    t.strictSame(rules.latestTag, { today: 'warn', atMost: 'enforce', from: 'built-in' })
    t.strictSame(rules.digestMissing, { today: 'disabled', atMost: 'disabled', from: 'built-in' })
    t.strictSame(cluster.namespaceOverride, { value: 'any', from: 'built-in' })
    t.equal(cluster.tagKinds.version.from, 'built-in')
  }
})

t.test('each value is its own, or built in', async (t) => {
  const { mode, rules, ephemeralContainers, ownedObjects, exemptions, cluster } = shown({
    default:
      'rules: {partialTag: warn}, ownedObjects: warn, exemptions: [], cluster: {controllers: builtIn, tagKinds: {floating: ["edge-*"]}}',
  })
  const own = 'TagPolicy default'
  t.strictSame(mode, { value: 'warn', from: 'built-in' })
  t.strictSame(rules.partialTag, { today: 'warn', atMost: 'warn', from: own })
  t.equal(rules.latestTag.from, 'built-in')
  t.strictSame(ownedObjects, { value: 'warn', from: own })
  t.equal(ephemeralContainers.from, 'built-in')
  t.strictSame(exemptions, { value: [], elsewhere: 0, from: own })
  t.strictSame(cluster.controllers, { value: 'builtIn', from: own })
  t.equal(cluster.alwaysPullImages.from, 'built-in')
  t.strictSame(cluster.tagKinds.floating, { value: ['edge-*'], from: own })
  t.equal(cluster.tagKinds.version.from, 'built-in')
})

const switches: [what: string, spec: string, labels: Record<string, string> | undefined, mode: object][] = [
  ['of the policy', 'mode: audit', {}, { value: 'audit', from: 'TagPolicy default, mode' }],
  [
    'before its day',
    'mode: enforce, enforceFrom: 2026-12-07',
    {},
    { value: 'warn', from: 'TagPolicy default, mode', deniedFrom: '2026-12-07' },
  ],
  [
    'of a list of namespaces',
    'mode: audit, namespaceModes: [{namespaces: [b], mode: warn}, {namespaces: ["team-*"], mode: disabled}]',
    {},
    { value: 'disabled', from: 'TagPolicy default, namespaceModes[1]' },
  ],
  [
    'of the cluster, whatever a list says of namespaces',
    'mode: audit, namespaceModes: [{namespaces: ["*"], mode: warn}]',
    undefined,
    { value: 'audit', from: 'TagPolicy default, mode' },
  ],
  [
    'of a label',
    'mode: audit',
    { 'tallyman.dev/mode': 'enforce' },
    { value: 'enforce', from: 'label tallyman.dev/mode' },
  ],
]
for (const [what, spec, labels, mode] of switches)
  t.test(`the switch ${what}`, async (t) => t.strictSame(shown({ default: spec }, labels).mode, mode))

t.test('a rule is never stricter than its own mode, today or later', async (t) => {
  const { rules } = shown({ default: 'mode: enforce, enforceFrom: 2026-12-07' }, {})
  t.match(rules.latestTag, { today: 'warn', later: 'enforce' })
  t.match(rules.floatingTag, { today: 'warn', later: 'warn' })
  t.match(rules.digestMissing, { today: 'disabled', later: 'disabled' })
})

t.test('another policy that a label chooses', async (t) => {
  const specs = {
    default: 'mode: audit, rules: {latestTag: audit}, cluster: {controllers: builtIn}',
    lab: 'mode: enforce, namespaces: ["team-*"]',
  }
  const { policy, mode, rules, cluster } = shown(specs, { 'tallyman.dev/policy': 'lab' })
  t.strictSame(policy, { value: 'lab', from: 'label tallyman.dev/policy' })
  t.strictSame(mode, { value: 'enforce', from: 'TagPolicy lab, mode' })
  t.equal(rules.latestTag.from, 'built-in', 'it is no merge of the two')
  t.strictSame(
    cluster.controllers,
    { value: 'builtIn', from: 'TagPolicy default' },
    'but for the facts of the cluster',
  )
})

t.test('labels that are ignored', async (t) => {
  const { policy, ignored } = shown(
    { default: 'mode: warn' },
    { 'tallyman.dev/policy': 'lab', 'tallyman.dev/mode': 'off' },
  )
  t.strictSame(policy, { value: 'default', from: 'TagPolicy default' })
  t.match(ignored, [
    /^the label tallyman.dev\/policy="lab" is ignored: no TagPolicy/,
    /^the label tallyman.dev\/mode="off" is ignored: the mode is called disabled/,
  ])
})

t.test('exemptions: those that can apply, and for how long', async (t) => {
  const specs = {
    default: `exemptions: [
      {name: far, images: [a], reason: r},
      {name: mine, images: [a], reason: r, namespaces: ["team-*"], expires: 2026-11-30},
      {name: today, images: [a], reason: r, expires: 2026-11-23},
      {name: over, images: [a], reason: r, expires: 2026-11-22},
      {name: other, images: [a], reason: r, namespaces: [lab]}]`,
  }
  const of = (labels?: Record<string, string>) => {
    const { value, elsewhere } = shown(specs, labels).exemptions
    return [value.map(({ name, daysLeft }) => [name, daysLeft]), elsewhere]
  }
  const mine = [
    ['far', undefined],
    ['mine', 7],
    ['today', 0],
    ['over', -1],
  ]
  t.strictSame(of({}), [mine, 1])
  t.strictSame(of(), [[...mine, ['other', undefined]], 0])
})
