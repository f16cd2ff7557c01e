import t from 'tap'
import { compilePolicy } from '../../src/policy/compile.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'
import { originOf } from '../../src/preview/ownership.ts'
import { objectMeta } from '../../src/workload/object-meta.ts'
import { type Meta, pod, podOfDeployment } from './objects.ts'

const policyOf = (spec: object) => compilePolicy(readTagPolicyObject({ metadata: { name: 'default' }, spec }))
const STANDARD = policyOf({ mode: 'enforce' })
const BUILT_IN = policyOf({ mode: 'enforce', cluster: { controllers: 'builtIn' } })
const MERCILESS = policyOf({ mode: 'enforce', ownedObjects: 'enforce' })

const ownedBy = (apiVersion: string, kind: string, more: Meta = {}) =>
  pod('a', 'busybox', { owner: { apiVersion, kind, name: 'owner' }, ...more })

const cases: [
  what: string,
  object: object,
  policy: typeof STANDARD,
  ceiling: string,
  workload: string,
  owned: boolean,
][] = [
  ['a Pod of nobody', pod('a', 'busybox'), STANDARD, 'enforce', '/Pod a', false],
  [
    'a Pod of a Deployment',
    podOfDeployment('web', 'busybox'),
    STANDARD,
    'audit',
    'apps/Deployment web',
    true,
  ],
  [
    'a Pod of a ReplicaSet that somebody made',
    ownedBy('apps/v1', 'ReplicaSet'),
    STANDARD,
    'audit',
    'apps/ReplicaSet owner',
    true,
  ],
  [
    'a hash that is not in the name',
    ownedBy('apps/v1', 'ReplicaSet', { labels: { 'pod-template-hash': 'x' } }),
    STANDARD,
    'audit',
    'apps/ReplicaSet owner',
    true,
  ],
  ['a Pod of a Job', ownedBy('batch/v1', 'Job'), STANDARD, 'audit', 'batch/Job owner', true],
  [
    'a Pod of an operator',
    ownedBy('ray.io/v1', 'RayCluster'),
    STANDARD,
    'audit',
    'ray.io/RayCluster owner',
    true,
  ],
  [
    'the same where only built-in controllers count',
    ownedBy('ray.io/v1', 'RayCluster'),
    BUILT_IN,
    'enforce',
    'ray.io/RayCluster owner',
    true,
  ],
  ['a built-in controller there', ownedBy('batch/v1', 'Job'), BUILT_IN, 'audit', 'batch/Job owner', true],
  ['where nothing is spared', ownedBy('batch/v1', 'Job'), MERCILESS, 'enforce', 'batch/Job owner', true],
  [
    'a Pod of a Workflow, whose placeholders it fills in',
    ownedBy('argoproj.io/v1alpha1', 'Workflow'),
    STANDARD,
    'enforce',
    'argoproj.io/Workflow owner',
    false,
  ],
]
for (const [what, object, policy, ceiling, workload, owned] of cases) {
  t.test(what, async (t) => {
    const kind = policy.cluster.kinds.find('', 'Pod')
    if (kind === undefined) throw new Error('Pods are no kind')
    const origin = originOf(kind, objectMeta(object), policy)
    const { group, kind: name, name: called } = origin.workload
    t.strictSame([origin.ceiling, `${group}/${name} ${called}`, origin.owned], [ceiling, workload, owned])
  })
}
