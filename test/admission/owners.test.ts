import t from 'tap'
import { isOwned } from '../../src/admission/owners.ts'
import type { AdmissionRequest } from '../../src/admission/review.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import type { ClusterFacts, Policy } from '../../src/policy/policy.ts'
import { podRequest, request, serviceAccount } from './samples.ts'

function policy(facts: Partial<ClusterFacts> = {}): Policy {
  const standard = builtInPolicy()
  return { ...standard, cluster: { ...standard.cluster, ...facts } }
}

const controlledBy = (apiVersion: string, kind: string) => ({
  metadata: { ownerReferences: [{ apiVersion, kind, name: 'x', uid: 'x', controller: true }] },
})
const object = controlledBy('apps/v1', 'ReplicaSet')
const replicaSetController = serviceAccount('kube-system', 'replicaset-controller')
const controllerManager = { username: 'system:kube-controller-manager', groups: ['system:authenticated'] }
const ray = controlledBy('ray.io/v1', 'RayCluster')
const operator = serviceAccount('kuberay', 'kuberay-operator')

const cases: [what: string, request: AdmissionRequest, cluster: boolean, builtIn: boolean][] = [
  ['a ReplicaSet makes a Pod', podRequest({ object, userInfo: replicaSetController }), true, true],
  ['all controllers are one user', podRequest({ object, userInfo: controllerManager }), true, true],
  ['it updates one', podRequest({ object, userInfo: replicaSetController, operation: 'UPDATE' }), true, true],
  ['an operator of another namespace', podRequest({ object: ray, userInfo: operator }), true, false],
  ['a person forges the owner', podRequest({ object }), false, false],
  [
    'a service account of the same namespace',
    podRequest({ object, userInfo: serviceAccount('team-vision', 'default') }),
    false,
    false,
  ],
  ['no owner', podRequest({ object: {}, userInfo: replicaSetController }), false, false],
  [
    'another controller than the owner has',
    podRequest({ object, userInfo: serviceAccount('kube-system', 'job-controller') }),
    true,
    false,
  ],
  [
    'an account of the right name elsewhere',
    podRequest({ object, userInfo: serviceAccount('elsewhere', 'replicaset-controller') }),
    true,
    false,
  ],
  ['an object that it does not make', request({ object, userInfo: replicaSetController }), true, false],
  [
    'a name that begins like a service account',
    podRequest({ object, userInfo: { username: 'system:serviceaccount:kube-system', groups: [] } }),
    false,
    false,
  ],
  [
    'a Pod of an Argo Workflow is seen here for the first time',
    podRequest({
      object: controlledBy('argoproj.io/v1alpha1', 'Workflow'),
      userInfo: serviceAccount('argo', 'argo'),
    }),
    false,
    false,
  ],
  [
    'a Pod of a Tekton TaskRun too',
    podRequest({
      object: controlledBy('tekton.dev/v1', 'TaskRun'),
      userInfo: serviceAccount('tekton', 'tekton'),
    }),
    false,
    false,
  ],
]

for (const [what, asked, cluster, builtIn] of cases) {
  t.test(what, async (t) => {
    t.equal(isOwned(asked, policy()), cluster, 'controllers: cluster')
    t.equal(isOwned(asked, policy({ controllers: 'builtIn' })), builtIn, 'controllers: builtIn')
  })
}

const table: [account: string, owner: [string, string], group: string, kind: string][] = [
  ['deployment-controller', ['apps/v1', 'Deployment'], 'apps', 'ReplicaSet'],
  ['replicaset-controller', ['apps/v1', 'ReplicaSet'], '', 'Pod'],
  ['replication-controller', ['v1', 'ReplicationController'], '', 'Pod'],
  ['statefulset-controller', ['apps/v1', 'StatefulSet'], '', 'Pod'],
  ['statefulset-controller', ['apps/v1', 'StatefulSet'], 'apps', 'ControllerRevision'],
  ['daemon-set-controller', ['apps/v1', 'DaemonSet'], '', 'Pod'],
  ['daemon-set-controller', ['apps/v1', 'DaemonSet'], 'apps', 'ControllerRevision'],
  ['job-controller', ['batch/v1', 'Job'], '', 'Pod'],
  ['cronjob-controller', ['batch/v1', 'CronJob'], 'batch', 'Job'],
]

for (const [account, [apiVersion, owner], group, kind] of table) {
  t.test(`${account}: ${owner} makes ${kind}`, async (t) => {
    const made = request({
      kind: { group, version: 'v1', kind },
      object: controlledBy(apiVersion, owner),
      userInfo: serviceAccount('kube-system', account),
    })
    const builtIn = policy({ controllers: 'builtIn' })
    t.ok(isOwned(made, builtIn))
    t.notOk(
      isOwned({ ...made, object: controlledBy('other.example.com/v1', owner) }, builtIn),
      'of that group only',
    )
    t.notOk(isOwned({ ...made, userInfo: { ...made.userInfo, groups: [] } }, builtIn), 'in its group only')
  })
}

t.test('a trusted controller counts wherever it is', async (t) => {
  const userInfo = serviceAccount('team-vision', 'spark-operator')
  const trusted = { trustedControllers: [userInfo.username] }
  const made = podRequest({ object, userInfo })
  t.ok(isOwned(made, policy(trusted)))
  t.ok(isOwned(made, policy({ ...trusted, controllers: 'builtIn' })))
  t.notOk(isOwned(podRequest({ userInfo }), policy(trusted)), 'but only for what has an owner')
})
