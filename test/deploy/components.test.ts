import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { outlookOrder } from '../../src/preview/outlook.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import {
  copyOfDeploy,
  find,
  kindsOf,
  kustomize,
  type Manifest,
  manifest,
  noKubectl,
  volume,
} from './manifests.ts'

const skip = await noKubectl()
const OVERLAYS = ['own-certificate', 'cert-manager', 'managed'] as const
/** Those without a token, in which a policy can be a file. */
const OF_FILES = ['own-certificate', 'cert-manager'] as const

/** Renders what somebody writes who wants components: a kustomization of their own over an overlay. */
function over(t: Test, overlay: string, components: readonly string[], policy = ''): Promise<Manifest[]> {
  const copy = copyOfDeploy(t.testdir())
  appendFileSync(join(copy, 'components/policy-file/policy.yaml'), policy)
  const folder = join(copy, 'mine')
  mkdirSync(folder)
  const kustomization = {
    resources: [`../overlays/${overlay}`],
    components: components.map((name) => `../components/${name}`),
  }
  writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization))
  return kustomize(folder)
}

for (const overlay of OVERLAYS) {
  t.test(`fail-closed on top of ${overlay} changes the entry for workloads alone`, { skip }, async (t) => {
    const before = find(await over(t, overlay, []), 'ValidatingWebhookConfiguration')
    const after = find(await over(t, overlay, ['fail-closed']), 'ValidatingWebhookConfiguration')
    const [workloads, ...others] = after.webhooks
    t.same(others, before.webhooks.slice(1))
    t.equal(workloads.failurePolicy, 'Fail')
    const { namespaceSelector } = before.webhooks[0]
    t.same({ ...workloads, failurePolicy: 'Ignore', namespaceSelector }, before.webhooks[0])

    const [{ key, operator, values }, ...more] = workloads.namespaceSelector.matchExpressions
    t.same([key, operator, more], ['kubernetes.io/metadata.name', 'NotIn', []])
    for (const namespace of ['kube-system', 'tallyman', 'cert-manager', 'calico-system', 'registry']) {
      t.ok(values.includes(namespace), `${namespace} may start without tallyman`)
    }
  })
}

for (const overlay of OF_FILES) {
  t.test(`policy-file on top of ${overlay}: a file, and no API server`, { skip }, async (t) => {
    const before = await over(t, overlay, [])
    const all = await over(t, overlay, ['policy-file'])
    const gone = ['ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition']
    t.same(kindsOf(all), [...kindsOf(before).filter((kind) => !gone.includes(kind)), 'ConfigMap'].sort())
    t.match(find(all, 'NetworkPolicy').spec, { policyTypes: ['Ingress', 'Egress'], egress: undefined })
    t.same(
      find(all, 'ValidatingWebhookConfiguration').webhooks,
      find(before, 'ValidatingWebhookConfiguration').webhooks.slice(0, 1),
    )

    const pod = find(all, 'Deployment').spec.template.spec
    t.equal(pod.automountServiceAccountToken, false)
    const [{ args, volumeMounts }] = pod.containers
    const [without] = find(before, 'Deployment').spec.template.spec.containers
    t.same(args, [...without.args, '--policy=/etc/tallyman/policy/policy.yaml'])
    t.match(
      volumeMounts.find(({ name }: Manifest) => name === 'policy'),
      { mountPath: '/etc/tallyman/policy', readOnly: true, subPath: undefined },
    )
  })
}

t.test('the name of the ConfigMap ends in a hash that follows the policy', { skip }, async (t) => {
  const names: string[] = []
  for (const more of ['', '# a change\n']) {
    const all = await over(t, 'own-certificate', ['policy-file'], more)
    const { metadata, data } = all.find(({ kind }) => kind === 'ConfigMap')
    t.match(data['policy.yaml'], 'kind: TagPolicy')
    t.match(metadata.name, /^tallyman-policy-[a-z0-9]+$/)
    t.match(metadata.labels, { 'app.kubernetes.io/name': 'tallyman' })
    t.equal(volume(all, 'policy').configMap.name, metadata.name)
    names.push(metadata.name)
  }
  t.not(names[0], names[1])
})

t.test('policy-file and fail-closed get on with one another', { skip }, async (t) => {
  for (const components of [
    ['policy-file', 'fail-closed'],
    ['fail-closed', 'policy-file'],
  ]) {
    const { webhooks } = find(await over(t, 'cert-manager', components), 'ValidatingWebhookConfiguration')
    t.match(webhooks, [{ name: 'image-tags.tallyman.dev', failurePolicy: 'Fail' }])
    t.equal(webhooks.length, 1)
  }
})

t.test('preview adds rights and changes nothing', { skip }, async (t) => {
  const before = await over(t, 'cert-manager', [])
  const all = await over(t, 'cert-manager', ['preview'])
  const added = all.filter(({ metadata }) => metadata.name === 'tallyman-preview')
  t.same(kindsOf(added), ['ClusterRole', 'ClusterRoleBinding'])
  t.same(
    all.filter((it) => !added.includes(it)),
    before,
  )
})

t.test('preview may list what it reads, and ask who may', async (t) => {
  const [{ rules }, { subjects }] = manifest('components/preview/rights.yaml')
  const groups = Map.groupBy(outlookOrder(kindsTable().all), ({ group }) => group)
  const kinds = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, members]) => ({
      apiGroups: [group],
      resources: [...new Set(members.map(({ resource }) => resource))].sort(),
      verbs: ['list'],
    }))
  t.same(rules, [
    ...kinds,
    { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  ])
  t.same(subjects, [{ kind: 'ServiceAccount', namespace: 'tallyman', name: 'tallyman' }])
})

for (const overlay of OVERLAYS)
  t.test(`events on top of ${overlay}: a right and an argument`, { skip }, async (t) => {
    const before = await over(t, overlay, [])
    const all = await over(t, overlay, ['events'])
    const added = all.filter(({ metadata }) => metadata.name === 'tallyman-events')
    t.same(kindsOf(added), ['ClusterRole', 'ClusterRoleBinding'])
    const [container] = find(before, 'Deployment').spec.template.spec.containers
    container.args.push('--events')
    t.same(
      all.filter((it) => !added.includes(it)),
      before,
    )
  })

t.test('events may be written, and none of another read', async (t) => {
  const [{ rules }, { subjects }] = manifest('components/events/rights.yaml')
  t.same(rules, [{ apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] }])
  t.same(subjects, [{ kind: 'ServiceAccount', namespace: 'tallyman', name: 'tallyman' }])
})
