import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CERTIFICATES, copyOfDeploy, kustomize, type Manifest, noKubectl } from './manifests.ts'

const skip = await noKubectl()
const deploy = copyOfDeploy(t.testdir())

const find = (all: Manifest[], kind: string, name = 'tallyman') =>
  all.find((it) => it.kind === kind && it.metadata.name === name)
// kustomize breaks long base64 into lines; the API server's decoder (Go's encoding/base64) skips the breaks, as this one.
const decoded = (base64: string) => Buffer.from(base64, 'base64').toString()
const volume = (all: Manifest[], name: string) =>
  find(all, 'Deployment').spec.template.spec.volumes.find((it: Manifest) => it.name === name)
const EVERYTHING = [
  'Deployment',
  'Namespace',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'Service',
  'ServiceAccount',
  'ValidatingWebhookConfiguration',
]

t.test('own-certificate', { skip }, async (t) => {
  const all = await kustomize(join(deploy, 'overlays/own-certificate'))
  t.same(all.map(({ kind }) => kind).sort(), [...EVERYTHING, 'ConfigMap', 'Secret'].sort())

  const secret = find(all, 'Secret', 'tallyman-tls')
  t.equal(secret.type, 'kubernetes.io/tls')
  for (const [name, text] of Object.entries(CERTIFICATES)) t.equal(decoded(secret.data[name]), text)
  t.equal(volume(all, 'tls').secret.secretName, 'tallyman-tls')

  const [webhook] = find(all, 'ValidatingWebhookConfiguration').webhooks
  t.equal(decoded(webhook.clientConfig.caBundle), CERTIFICATES['ca.crt'])
  t.equal(webhook.clientConfig.service.path, '/validate')
})

t.test('the name of the ConfigMap ends in a hash that follows the policy', { skip }, async (t) => {
  const names: string[] = []
  for (const more of ['', '# a change\n']) {
    const copy = copyOfDeploy(t.testdir())
    writeFileSync(join(copy, 'base/policy.yaml'), `kind: TagPolicy\n${more}`)
    const all = await kustomize(join(copy, 'overlays/own-certificate'))
    const { metadata, data } = all.find(({ kind }) => kind === 'ConfigMap')
    t.match(data['policy.yaml'], 'kind: TagPolicy')
    t.match(metadata.name, /^tallyman-policy-[a-z0-9]+$/)
    t.equal(volume(all, 'policy').configMap.name, metadata.name)
    names.push(metadata.name)
  }
  t.not(names[0], names[1])
})

t.test('cert-manager', { skip }, async (t) => {
  const all = await kustomize(join(deploy, 'overlays/cert-manager'))
  t.same(
    all.map(({ kind }) => kind).sort(),
    [...EVERYTHING, 'ConfigMap', 'Certificate', 'Certificate', 'Issuer', 'Issuer'].sort(),
  )
  const configuration = find(all, 'ValidatingWebhookConfiguration')
  const serving = find(all, 'Certificate')
  t.equal(
    configuration.metadata.annotations['cert-manager.io/inject-ca-from'],
    `${serving.metadata.namespace}/${serving.metadata.name}`,
  )
  t.notOk('caBundle' in configuration.webhooks[0].clientConfig, 'cainjector fills it in')
  t.equal(serving.spec.secretName, volume(all, 'tls').secret.secretName)
  const { name, namespace } = configuration.webhooks[0].clientConfig.service
  t.ok(serving.spec.dnsNames.includes(`${name}.${namespace}.svc`))
  const issuer = find(all, 'Issuer', serving.spec.issuerRef.name)
  t.equal(find(all, 'Certificate', 'tallyman-ca').spec.secretName, issuer.spec.ca.secretName)
})

t.test('local', { skip }, async (t) => {
  const all = await kustomize(join(deploy, 'overlays/local'))
  t.same(
    all.map(({ kind }) => kind),
    ['ValidatingWebhookConfiguration'],
    'the Secret that carries the CA is not applied',
  )
  const { caBundle, ...rest } = all[0].webhooks[0].clientConfig
  t.same(rest, { url: 'https://127.0.0.1:8443/validate' })
  t.equal(decoded(caBundle), CERTIFICATES['ca.crt'])
  t.equal(all[0].webhooks[0].failurePolicy, 'Ignore')
})

for (const overlay of ['own-certificate', 'cert-manager']) {
  t.test(`fail-closed on top of ${overlay} changes the entry for workloads alone`, { skip }, async (t) => {
    const copy = copyOfDeploy(t.testdir())
    const other = { name: 'policies.tallyman.dev', failurePolicy: 'Ignore', sideEffects: 'None' }
    mkdirSync(join(copy, 'mine'))
    const kustomization = {
      resources: [`../overlays/${overlay}`],
      patches: [
        {
          target: { kind: 'ValidatingWebhookConfiguration' },
          patch: JSON.stringify([{ op: 'add', path: '/webhooks/-', value: other }]),
        },
      ],
    }
    // In two steps, because a kustomization's components come before its patches.
    writeFileSync(join(copy, 'mine/kustomization.yaml'), JSON.stringify(kustomization))
    mkdirSync(join(copy, 'closed'))
    writeFileSync(
      join(copy, 'closed/kustomization.yaml'),
      JSON.stringify({ resources: ['../mine'], components: ['../components/fail-closed'] }),
    )

    const [before] = find(await kustomize(join(copy, 'mine')), 'ValidatingWebhookConfiguration').webhooks
    const after = find(await kustomize(join(copy, 'closed')), 'ValidatingWebhookConfiguration').webhooks
    const workloads = after.find((it: Manifest) => it.name === before.name)
    t.same(
      after.find((it: Manifest) => it.name === other.name),
      other,
    )
    t.equal(workloads.failurePolicy, 'Fail')
    t.same({ ...workloads, failurePolicy: 'Ignore', namespaceSelector: before.namespaceSelector }, before)

    const [{ key, operator, values }, ...more] = workloads.namespaceSelector.matchExpressions
    t.same([key, operator, more], ['kubernetes.io/metadata.name', 'NotIn', []])
    for (const namespace of ['kube-system', 'tallyman', 'cert-manager', 'calico-system', 'registry']) {
      t.ok(values.includes(namespace), `${namespace} may start without tallyman`)
    }
  })
}
