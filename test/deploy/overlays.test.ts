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

for (const overlay of ['own-certificate', 'cert-manager'])
  t.test(`${overlay}: the files that the arguments name are mounted`, { skip }, async (t) => {
    const all = await kustomize(join(deploy, 'overlays', overlay))
    const [container] = find(all, 'Deployment').spec.template.spec.containers
    t.equal(container.args[0], 'serve')
    const files = container.args.flatMap((arg: string) => arg.match(/=(\/.*)$/)?.[1] ?? [])
    t.same(files, ['/etc/tallyman/tls/tls.crt', '/etc/tallyman/tls/tls.key'])
    const folders = container.volumeMounts.map((mount: { mountPath: string }) => mount.mountPath)
    for (const file of files) t.ok(folders.includes(file.replace(/\/[^/]*$/, '')), file)
    // A single file (subPath) would not be updated while the Pod runs.
    for (const mount of container.volumeMounts) t.match(mount, { readOnly: true, subPath: undefined })
  })

t.test('managed, which is what deploy/ is: nothing else is needed', { skip }, async (t) => {
  const all = await kustomize(join(deploy, 'overlays/managed'))
  t.same(await kustomize(deploy), all)
  const rights = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']
  t.same(kindsOf(all), [...EVERYTHING, ...rights].sort())
  const { containers, volumes } = find(all, 'Deployment').spec.template.spec
  const secret = containers[0].args
    .find((arg: string) => arg.startsWith('--certificate-secret='))
    ?.split('=')[1]
  t.equal(volumes, undefined)
  // It may read and change this one and no other; what it makes cannot be named by a rule.
  const [named, made] = find(all, 'Role', 'tallyman-certificate').rules
  t.same(named, {
    apiGroups: [''],
    resources: ['secrets'],
    resourceNames: [secret],
    verbs: ['list', 'watch', 'patch'],
  })
  t.same(made, { apiGroups: [''], resources: ['secrets'], verbs: ['create'] })
  const configuration = find(all, 'ValidatingWebhookConfiguration')
  t.match(find(all, 'ClusterRole', 'tallyman-certificate').rules, [
    { resourceNames: [configuration.metadata.name], verbs: ['list', 'watch', 'patch'] },
  ])
  for (const { clientConfig } of configuration.webhooks)
    t.notOk('caBundle' in clientConfig, 'tallyman fills it in, and no other apply takes it away')
})

for (const overlay of ['managed', 'own-certificate', 'cert-manager', 'local'])
  t.test(`${overlay}: no GitOps tool takes the definition of TagPolicy away`, { skip }, async (t) => {
    const all = await kustomize(join(deploy, 'overlays', overlay))
    const kept = all.filter(({ metadata }) => metadata.annotations?.['argocd.argoproj.io/sync-options'])
    t.same(
      kept.map(({ kind, metadata }) => [kind, metadata.annotations]),
      [
        [
          'CustomResourceDefinition',
          {
            'argocd.argoproj.io/sync-options': 'Delete=false,Prune=false',
            'kustomize.toolkit.fluxcd.io/prune': 'disabled',
          },
        ],
      ],
    )
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
