import t from 'tap'
import { readImage } from '../../src/image/image.ts'
import { NO_FACTS } from '../../src/image/tag-kind.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import type { TagPolicySpec } from '../../src/policy/schema.ts'

const compile = (spec: TagPolicySpec, name = 'default') =>
  compilePolicy({ apiVersion: 'tallyman.dev/v1alpha1', kind: 'TagPolicy', metadata: { name }, spec })

t.test('an exemption', async (t) => {
  const [exemption] = compile({
    exemptions: [
      {
        name: 'a',
        images: ['x', 'y:1'],
        containers: ['side*'],
        namespaces: ['team-*'],
        rules: ['latestTag'],
        reason: ' built\n anew\n',
        expires: '2027-03-31',
      },
    ],
  }).exemptions
  t.match(exemption, { name: 'a', reason: 'built anew', expires: '2027-03-31' })
  t.same([...(exemption?.rules ?? [])], ['latestTag'])
  t.same(
    ['x', 'y:1', 'y:2'].map((text) => exemption?.matchesImage(readImage(text, NO_FACTS))),
    [true, true, false],
  )
  t.same(
    ['side', 'main', ''].map((name) => exemption?.matchesContainer(name)),
    [true, false, false],
  )
  t.same(
    ['team-a', 'other', ''].map((name) => exemption?.matchesNamespace(name)),
    [true, false, false],
  )
})

t.test('who may choose a policy', async (t) => {
  const { offeredTo } = compile({ namespaces: ['team-*'] }, 'team')
  t.same([offeredTo?.('team-a'), offeredTo?.('other')], [true, false])
  t.equal(compile({}).offeredTo, undefined)
})

t.test('further kinds', async (t) => {
  const { kinds } = compile({
    cluster: {
      workloads: [
        { group: 'example.com', kind: 'Pipeline', resource: 'pipelines', podSpecs: ['spec.template'] },
      ],
    },
  }).cluster
  t.equal(kinds.find('example.com', 'Pipeline')?.resource, 'pipelines')
  t.ok(kinds.find('', 'Pod'))
})

t.test('registries that keep images, in the order of the policy', async (t) => {
  const registries = [{ host: 'b' }, { host: 'c', retention: { default: '24h' } }, { host: 'a' }]
  t.same(compile({ cluster: { registries } }).cluster.keepingRegistries, ['b', 'a'])
})

t.test('the result is frozen throughout', async (t) => {
  const policy = compile({ namespaceModes: [{ namespaces: ['a'], mode: 'warn' }] })
  const beside = compilePolicy(
    {
      apiVersion: 'tallyman.dev/v1alpha1',
      kind: 'TagPolicy',
      metadata: { name: 'lab' },
      spec: { namespaceModes: [{ namespaces: ['a'], mode: 'warn' }] },
    },
    policy.cluster,
  )
  t.equal(beside.cluster, policy.cluster)
  for (const each of [policy, beside])
    for (const part of [each, each.namespaceModes[0], each.rules, each.cluster.trustedControllers])
      t.ok(Object.isFrozen(part))
})
