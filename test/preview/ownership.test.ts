import t from 'tap'
import { compilePolicy } from '../../src/policy/compile.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'
import { ceilingOfMade, ONLY_NAMED, originOf } from '../../src/preview/ownership.ts'
import { objectMeta } from '../../src/workload/object-meta.ts'
import { kindOf } from './cluster.ts'
import { type Meta, pod, podOfDeployment } from './objects.ts'

const policyOf = (spec: object) => compilePolicy(readTagPolicyObject({ metadata: { name: 'default' }, spec }))
const STANDARD = policyOf({ mode: 'enforce' })
const BUILT_IN = policyOf({ mode: 'enforce', cluster: { controllers: 'builtIn' } })
const MERCILESS = policyOf({ mode: 'enforce', ownedObjects: 'enforce' })

const ownedBy = (apiVersion: string, kind: string, name = 'owner', more: Meta = {}) =>
  pod('a', 'busybox', { owner: { apiVersion, kind, name }, ...more })

const cases: [what: string, object: object, policy: typeof STANDARD, origin: string][] = [
  ['a Pod of nobody', pod('a', 'busybox'), STANDARD, 'enforce, made for itself'],
  [
    'a Pod of a Deployment',
    podOfDeployment('web', 'busybox'),
    STANDARD,
    'audit, made again for apps/Deployment web',
  ],
  [
    'a Pod of a Rollout',
    ownedBy('apps/v1', 'ReplicaSet', 'web-86666d6ffc', {
      labels: { 'rollouts-pod-template-hash': '86666d6ffc' },
    }),
    STANDARD,
    'audit, made again for argoproj.io/Rollout web',
  ],
  [
    'a Pod of a ReplicaSet that somebody made',
    ownedBy('apps/v1', 'ReplicaSet'),
    STANDARD,
    'audit, made again for apps/ReplicaSet owner',
  ],
  [
    'a hash that is not in the name',
    ownedBy('apps/v1', 'ReplicaSet', 'owner', { labels: { 'pod-template-hash': 'x' } }),
    STANDARD,
    'audit, made again for apps/ReplicaSet owner',
  ],
  ['a Pod of a Job', ownedBy('batch/v1', 'Job'), STANDARD, 'audit, made again for batch/Job owner'],
  [
    'a Pod of an operator',
    ownedBy('ray.io/v1', 'RayCluster'),
    STANDARD,
    'audit, made again for ray.io/RayCluster owner',
  ],
  [
    'the same where only built-in controllers count',
    ownedBy('ray.io/v1', 'RayCluster'),
    BUILT_IN,
    'enforce, made again for ray.io/RayCluster owner',
  ],
  [
    'a built-in controller there',
    ownedBy('batch/v1', 'Job'),
    BUILT_IN,
    'audit, made again for batch/Job owner',
  ],
  [
    'where nothing is spared',
    ownedBy('batch/v1', 'Job'),
    MERCILESS,
    'enforce, made again for batch/Job owner',
  ],
  [
    'a static Pod even there, which its node runs in any case',
    pod('a', 'busybox', {
      owner: { apiVersion: 'v1', kind: 'Node', name: 'n1' },
      annotations: { 'kubernetes.io/config.mirror': '5f1c' },
    }),
    MERCILESS,
    'audit, made again for /Node n1',
  ],
  [
    'a Pod of a Workflow, whose placeholders it fills in',
    ownedBy('argoproj.io/v1alpha1', 'Workflow'),
    STANDARD,
    'enforce, made for argoproj.io/Workflow owner',
  ],
]
for (const [what, object, policy, expected] of cases) {
  t.test(what, async (t) => {
    const kind = policy.cluster.kinds.find('', 'Pod')
    if (kind === undefined) throw new Error('Pods are no kind')
    const { ceiling, maker, owned } = originOf(kind, objectMeta(object), policy)
    const purpose = maker === undefined ? 'itself' : `${maker.group}/${maker.kind} ${maker.name}`
    t.equal(`${ceiling}, made${owned ? ' again' : ''} for ${purpose}`, expected)
  })
}

const made: [kind: string, policy: typeof STANDARD, ceiling: string | undefined][] = [
  ['Deployment.apps', STANDARD, 'audit'],
  ['Deployment.apps', BUILT_IN, 'audit'],
  ['Deployment.apps', MERCILESS, 'enforce'],
  ['RayCluster.ray.io', STANDARD, 'audit'],
  ['RayCluster.ray.io', BUILT_IN, 'enforce'],
  ['TrainingRuntime.trainer.kubeflow.org', MERCILESS, undefined],
]
for (const [kind, policy, ceiling] of made)
  t.test(`what is made of a ${kind}: ${ceiling}`, async (t) =>
    t.equal(ceilingOfMade(kindOf(kind), policy), ceiling),
  )

t.test('what other objects only name is a kind', async (t) => {
  for (const kind of ONLY_NAMED) t.ok(kindOf(kind.split('/').reverse().join('.')), kind)
})
