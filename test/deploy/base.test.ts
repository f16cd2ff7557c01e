import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { judge } from '../../src/judge.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { ENFORCE_FROM_LABEL, MODE_LABEL, POLICY_LABEL } from '../../src/policy/namespace-labels.ts'
import { withMode } from '../../src/policy/with-mode.ts'
import { manifest, ROOT } from './manifests.ts'

const [deployment] = manifest('base/deployment.yaml')
const pod = deployment.spec.template.spec
const [container] = pod.containers
const [service] = manifest('base/service.yaml')
const [configuration] = manifest('base/webhook/validating-webhook-configuration.yaml')
const [webhook, ...others] = configuration.webhooks

t.test('our own Deployment passes our own rules without a warning', async (t) => {
  const judgement = judge(
    { group: 'apps', kind: 'Deployment', object: deployment, namespace: { name: 'tallyman', labels: {} } },
    withMode(builtInPolicy(), 'enforce'),
    new Date('2026-12-01T00:00:00Z'),
  )
  t.same(judgement.findings, [])
  t.equal(judgement.images, 1)
})

t.test('the image has the version of the package', async (t) => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  t.match(container.image, new RegExp(`/tallyman:${version.replaceAll('.', '\\.')}$`))
})

t.test('the Pod fits the namespace’s restricted level, and can write nowhere', async (t) => {
  t.match(pod.securityContext, {
    runAsNonRoot: true,
    runAsUser: 65532,
    seccompProfile: { type: 'RuntimeDefault' },
  })
  t.match(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
})

t.test('only its own Pods get the token that speaks with the API server', async (t) => {
  t.equal(manifest('base/service-account.yaml')[0].automountServiceAccountToken, false)
  t.equal(pod.automountServiceAccountToken, true)
  t.equal(pod.serviceAccountName, 'tallyman')
})

t.test('a drain is waited for, and no rollout leaves a gap', async (t) => {
  t.equal(pod.terminationGracePeriodSeconds, 110)
  t.same(deployment.spec.strategy.rollingUpdate, { maxUnavailable: 0, maxSurge: 1 })
  t.equal(deployment.spec.replicas, 3)
  t.equal(manifest('base/pod-disruption-budget.yaml')[0].spec.maxUnavailable, 1)
})

t.test('Service, probes and webhook meet the ports of the container', async (t) => {
  const ports = Object.fromEntries(
    container.ports.map((port: { name: string; containerPort: number }) => [port.name, port.containerPort]),
  )
  t.same(ports, { webhook: 8443, probes: 8080 })
  const targets = service.spec.ports.map((port: { port: number; targetPort: string }) => [
    port.port,
    port.targetPort,
  ])
  t.same(targets, [
    [443, 'webhook'],
    [8080, 'probes'],
  ])
  t.equal(container.livenessProbe.httpGet.port, 'probes')
  t.equal(container.readinessProbe.httpGet.port, 'probes')
  const { namespace, name } = service.metadata
  t.same(
    configuration.webhooks.map((it: { clientConfig: object }) => it.clientConfig),
    ['/validate', '/validate-policy', '/validate-namespace'].map((path) => ({
      service: { namespace, name, port: 443, path },
    })),
  )
})

t.test('one selector everywhere', async (t) => {
  const { labels } = deployment.spec.template.metadata
  for (const selector of [
    deployment.spec.selector.matchLabels,
    service.spec.selector,
    manifest('base/pod-disruption-budget.yaml')[0].spec.selector.matchLabels,
    manifest('base/network-policy.yaml')[0].spec.podSelector.matchLabels,
    ...pod.topologySpreadConstraints.map(
      (it: { labelSelector: { matchLabels: object } }) => it.labelSelector.matchLabels,
    ),
  ]) {
    t.same(selector, labels)
  }
})

t.test(
  'the webhook can never stop a cluster, and never asks about the control plane or itself',
  async (t) => {
    t.match(webhook, {
      name: 'image-tags.tallyman.dev',
      failurePolicy: 'Ignore',
      timeoutSeconds: 5,
      matchPolicy: 'Equivalent',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    })
    t.same(webhook.namespaceSelector.matchExpressions, [
      { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', 'tallyman'] },
    ])
  },
)

t.test('the entries that tell of a change can never stop one, in any namespace', async (t) => {
  t.same(
    others.map(({ name }: { name: string }) => name),
    ['policies.tallyman.dev', 'namespaces.tallyman.dev'],
  )
  for (const entry of others) {
    t.match(entry, {
      failurePolicy: 'Ignore',
      timeoutSeconds: 5,
      matchPolicy: 'Equivalent',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    })
    t.notOk('namespaceSelector' in entry, 'of a Namespace it would look at its own labels')
  }
  const [policies, namespaces] = others
  t.match(policies.rules, [
    { apiGroups: ['tallyman.dev'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['tagpolicies'] },
  ])
  t.match(namespaces.rules, [
    { apiGroups: [''], operations: ['CREATE', 'UPDATE'], resources: ['namespaces'] },
  ])
  for (const label of [MODE_LABEL, ENFORCE_FROM_LABEL, POLICY_LABEL])
    t.match(namespaces.matchConditions[0].expression, `"${label}"`)
})

t.test(
  'nothing but the webhook and the probes is reached, nothing but the API server and DNS is called',
  async (t) => {
    const { spec } = manifest('base/network-policy.yaml')[0]
    t.same(spec.policyTypes, ['Ingress', 'Egress'])
    t.same(spec.ingress, [
      { ports: [{ protocol: 'TCP', port: 'webhook' }] },
      { from: [{ namespaceSelector: {} }], ports: [{ protocol: 'TCP', port: 'probes' }] },
    ])
    t.same(spec.egress, [
      {
        ports: [
          { protocol: 'TCP', port: 443 },
          { protocol: 'TCP', port: 6443 },
        ],
      },
      {
        ports: [
          { protocol: 'UDP', port: 53 },
          { protocol: 'TCP', port: 53 },
        ],
      },
    ])
  },
)
