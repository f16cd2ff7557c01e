import { join } from 'node:path'
import t from 'tap'
import {
  CERTIFICATES,
  copyOfDeploy,
  decoded,
  find,
  kindsOf,
  kustomize,
  type Manifest,
  noKubectl,
  volume,
} from './manifests.ts'

const skip = await noKubectl()
const deploy = copyOfDeploy(t.testdir())

const EVERYTHING = [
  'ClusterRole',
  'ClusterRole',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
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
  t.same(kindsOf(all), [...EVERYTHING, 'Secret'].sort())

  const secret = find(all, 'Secret', 'tallyman-tls')
  t.equal(secret.type, 'kubernetes.io/tls')
  for (const [name, text] of Object.entries(CERTIFICATES)) t.equal(decoded(secret.data[name]), text)
  t.equal(volume(all, 'tls').secret.secretName, 'tallyman-tls')

  const { webhooks } = find(all, 'ValidatingWebhookConfiguration')
  t.equal(webhooks.length, 3)
  for (const { clientConfig } of webhooks) {
    t.equal(decoded(clientConfig.caBundle), CERTIFICATES['ca.crt'])
    t.match(clientConfig.service.path, /^\/validate/)
  }
})

t.test('cert-manager', { skip }, async (t) => {
  const all = await kustomize(join(deploy, 'overlays/cert-manager'))
  t.same(kindsOf(all), [...EVERYTHING, 'Certificate', 'Certificate', 'Issuer', 'Issuer'].sort())
  const configuration = find(all, 'ValidatingWebhookConfiguration')
  const serving = find(all, 'Certificate')
  t.equal(
    configuration.metadata.annotations['cert-manager.io/inject-ca-from'],
    `${serving.metadata.namespace}/${serving.metadata.name}`,
  )
  for (const { clientConfig } of configuration.webhooks) {
    t.notOk('caBundle' in clientConfig, 'cainjector fills it in')
    const { name, namespace } = clientConfig.service
    t.ok(serving.spec.dnsNames.includes(`${name}.${namespace}.svc`))
  }
  t.equal(serving.spec.secretName, volume(all, 'tls').secret.secretName)
  const issuer = find(all, 'Issuer', serving.spec.issuerRef.name)
  t.equal(find(all, 'Certificate', 'tallyman-ca').spec.secretName, issuer.spec.ca.secretName)
})

t.test('local', { skip }, async (t) => {
  const all = await kustomize(join(deploy, 'overlays/local'))
  t.same(
    kindsOf(all),
    ['CustomResourceDefinition', 'ValidatingWebhookConfiguration'],
    'the Secret that carries the CA is not applied',
  )
  const { webhooks } = find(all, 'ValidatingWebhookConfiguration')
  t.same(
    webhooks.map(({ clientConfig: { caBundle: _, ...rest } }: Manifest) => rest),
    ['validate', 'validate-policy', 'validate-namespace'].map((path) => ({
      url: `https://127.0.0.1:8443/${path}`,
    })),
  )
  for (const { clientConfig, failurePolicy } of webhooks) {
    t.equal(decoded(clientConfig.caBundle), CERTIFICATES['ca.crt'])
    t.equal(failurePolicy, 'Ignore')
  }
})
