import t from 'tap'
import { kindsTable } from '../../src/workload/kinds.ts'
import { webhookRules } from '../../src/workload/webhook-rules.ts'

const rules = webhookRules(kindsTable())

t.test('Kubernetes’ own groups', async (t) => {
  t.same(rules.slice(0, 2), [
    {
      apiGroups: [''],
      apiVersions: ['v1'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['pods', 'pods/ephemeralcontainers', 'podtemplates', 'replicationcontrollers'],
      scope: '*',
    },
    {
      apiGroups: ['apps'],
      apiVersions: ['v1'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
      scope: '*',
    },
  ])
})

t.test('one rule for each group, in the order of the groups', async (t) => {
  const groups = rules.flatMap(({ apiGroups }) => apiGroups)
  t.same(groups, [
    '',
    'apps',
    'argoproj.io',
    'batch',
    'batch.volcano.sh',
    'jobset.x-k8s.io',
    'kubeflow.org',
    'leaderworkerset.x-k8s.io',
    'ray.io',
    'serving.knative.dev',
    'serving.kserve.io',
    'sparkoperator.k8s.io',
    'tekton.dev',
    'trainer.kubeflow.org',
  ])
})

t.test('every kind of the table is asked for once', async (t) => {
  t.same(
    rules
      .flatMap(({ apiGroups, resources }) => resources.map((resource) => `${apiGroups}/${resource}`))
      .sort(),
    kindsTable()
      .all.flatMap(({ group, resource, subresources }) =>
        [resource, ...subresources].map((name) => `${group}/${name}`),
      )
      .sort(),
  )
})

t.test('a policy’s kind joins the rule of its group', async (t) => {
  const custom = { group: 'ray.io', kind: 'RayCronJob', resource: 'raycronjobs', podSpecs: ['spec.x'] }
  const ray = webhookRules(kindsTable([custom])).filter(({ apiGroups }) => apiGroups.includes('ray.io'))
  t.same(ray, [
    {
      apiGroups: ['ray.io'],
      apiVersions: ['*'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['rayclusters', 'raycronjobs', 'rayjobs', 'rayservices'],
      scope: '*',
    },
  ])
})

t.test('a kind that is served under the resource of another is asked for once', async (t) => {
  const custom = { group: 'batch', kind: 'Task', resource: 'jobs', podSpecs: ['spec.x'] }
  const batch = webhookRules(kindsTable([custom])).find(({ apiGroups }) => apiGroups.includes('batch'))
  t.same(batch?.resources, ['cronjobs', 'jobs'])
})
