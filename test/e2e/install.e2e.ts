import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { until } from '../control-plane/until.ts'
import { boot } from './boot.ts'
import { CERT_MANAGER } from './cert-manager.ts'
import { type Component, copyDeploy, overlayWith } from './deploy-copy.ts'
import { expectDone, type Kubectl, kubectl } from './kubectl.ts'
import { programs, signal } from './programs.ts'
import { setUp } from './set-up.ts'

const SETTLED_WITHIN_MS = 30_000

const STRICT = ['--validate=strict']

/** What runs, also with its policy in a file. */
const RUNNING = [
  'namespace/tallyman',
  'serviceaccount/tallyman',
  'service/tallyman',
  'deployment.apps/tallyman',
  'poddisruptionbudget.policy/tallyman',
  'networkpolicy.networking.k8s.io/tallyman',
]
/** What every API server that is to ask tallyman knows. */
const REGISTRATION = [
  'customresourcedefinition.apiextensions.k8s.io/tagpolicies.tallyman.dev',
  'validatingwebhookconfiguration.admissionregistration.k8s.io/tallyman',
]
/** What every overlay that runs tallyman in the cluster is made of. */
const BASE = [
  ...RUNNING,
  ...REGISTRATION,
  'clusterrole.rbac.authorization.k8s.io/tallyman',
  'clusterrole.rbac.authorization.k8s.io/tallyman-policy-owner',
  'clusterrole.rbac.authorization.k8s.io/tallyman-viewer',
  'clusterrolebinding.rbac.authorization.k8s.io/tallyman',
]
const SECRET = 'secret/tallyman-tls'
const CERTIFICATES = [
  'certificate.cert-manager.io/tallyman',
  'certificate.cert-manager.io/tallyman-ca',
  'issuer.cert-manager.io/tallyman-ca',
  'issuer.cert-manager.io/tallyman-self-signed',
]

/** What kubectl said it did, to which object. */
function done(stdout: string): { name: string; what: string }[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [name = '', ...what] = line.split(' ')
      return {
        name: name.replace(/^(configmap\/tallyman-policy-)[a-z0-9]+$/, '$1HASH'),
        what: what.join(' '),
      }
    })
}

const all = (names: readonly string[], what: string) => [...names].sort().map((name) => ({ name, what }))
const sorted = (stdout: string) => done(stdout).sort((a, b) => (a.name < b.name ? -1 : 1))
const asAdmin = (controlPlane: ControlPlane): Kubectl =>
  kubectl(programs.kubectl, controlPlane.login('admin').kubeconfig)

t.test('each object of each overlay is accepted', async (t) => {
  const controlPlane = await boot(t)
  const admin = asAdmin(controlPlane)
  const deploy = join(controlPlane.folder, 'deploy')
  await copyDeploy(deploy)
  const overlay = (name: string) => join(deploy, 'overlays', name)
  const apply = (folder: string, ...more: string[]) => admin(['apply', '-k', folder, ...STRICT, ...more])

  t.test('local, before there is anything else', async (t) => {
    const { code, stdout, stderr } = await apply(overlay('local'))
    t.same([code, stderr], [0, ''])
    t.same(sorted(stdout), all(REGISTRATION, 'created'))
    expectDone(await admin(['delete', '-k', overlay('local')]))
  })

  t.test('cert-manager, where it is installed', async (t) => {
    expectDone(await admin(['apply', '-f', '-'], CERT_MANAGER))
    expectDone(await admin(['wait', '--for=condition=established', 'crd', '--all']))
    const { code, stdout, stderr } = await apply(overlay('cert-manager'))
    t.same([code, stderr], [0, ''])
    t.same(sorted(stdout), all([...BASE, ...CERTIFICATES], 'created'))
  })

  t.test('and what its cainjector fills in outlasts the next apply', async (t) => {
    const webhook = ['validatingwebhookconfiguration', 'tallyman']
    const caBundle = Buffer.from(controlPlane.ca).toString('base64')
    const filled = [0, 1, 2].map((index) => ({
      op: 'add',
      path: `/webhooks/${index}/clientConfig/caBundle`,
      value: caBundle,
    }))
    expectDone(await admin(['patch', ...webhook, '--type=json', '-p', JSON.stringify(filled)]))
    expectDone(await apply(overlay('cert-manager')))
    const path = 'jsonpath={.webhooks[*].clientConfig.caBundle}'
    const bundles = expectDone(await admin(['get', ...webhook, '-o', path]))
    t.same(bundles.split(' '), [caBundle, caBundle, caBundle])
  })

  t.test('own-certificate, after it', async (t) => {
    const { code, stdout, stderr } = await apply(overlay('own-certificate'))
    t.same([code, stderr], [0, ''])
    t.same(
      done(stdout).filter(({ what }) => what === 'created'),
      all([SECRET], 'created'),
    )
    t.same(
      sorted(stdout).map(({ name }) => name),
      [...BASE, SECRET].sort(),
    )
  })

  const components: [component: Component, objects: readonly string[]][] = [
    ['fail-closed', BASE],
    [
      'events',
      [
        ...BASE,
        'clusterrole.rbac.authorization.k8s.io/tallyman-events',
        'clusterrolebinding.rbac.authorization.k8s.io/tallyman-events',
      ],
    ],
    [
      'preview',
      [
        ...BASE,
        'clusterrole.rbac.authorization.k8s.io/tallyman-preview',
        'clusterrolebinding.rbac.authorization.k8s.io/tallyman-preview',
      ],
    ],
    ['policy-file', [...RUNNING, REGISTRATION[1] ?? '', 'configmap/tallyman-policy-HASH']],
  ]
  for (const under of ['own-certificate', 'cert-manager'])
    for (const [component, objects] of components)
      t.test(`${component} over ${under}`, async (t) => {
        const { code, stdout, stderr } = await apply(await overlayWith(deploy, under, [component]))
        t.same([code, stderr], [0, ''])
        const certificate = under === 'cert-manager' ? CERTIFICATES : [SECRET]
        t.same(
          sorted(stdout).map(({ name }) => name),
          [...objects, ...certificate].sort(),
        )
      })

  t.test('a field that Kubernetes does not know would be told', async (t) => {
    const cases: [overlay: string, file: string, slip: [right: string, wrong: string], says: RegExp][] = [
      ['own-certificate', 'base/deployment.yaml', ['replicas:', 'replica:'], /unknown field "spec.replica"/],
      [
        'cert-manager',
        'overlays/cert-manager/certificates.yaml',
        ['isCA:', 'isCa:'],
        /unknown field "spec.isCa"/,
      ],
    ]
    for (const [name, file, [right, wrong], says] of cases) {
      const path = join(deploy, file)
      const text = await readFile(path, 'utf8')
      await writeFile(path, text.replace(right, wrong))
      const { code, stderr } = await apply(overlay(name))
      t.equal(code, 1)
      t.match(stderr, says)
      await writeFile(path, text)
    }
  })
})

t.test('installed with own-certificate', async (t) => {
  const { controlPlane, tallyman, as } = await setUp(t)
  const admin = as('admin')

  t.test('a second apply changes nothing', async (t) => {
    const versions = async () =>
      expectDone(
        await admin([
          'get',
          '-k',
          tallyman.overlay,
          '-o',
          'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{"\\n"}{end}',
        ]),
      )
    t.equal((await versions()).split('\n').length - 1, BASE.length + 1)
    // The API server itself writes into the status of the definition for some seconds after it serves it.
    await until('an apply that changes nothing', SETTLED_WITHIN_MS, signal, async () => {
      const before = await versions()
      expectDone(await tallyman.apply())
      return (await versions()) === before ? true : undefined
    })
  })

  t.test('the second command makes the policy, as whoever owns it', async (t) => {
    const [replica] = tallyman.replicas
    const inForce = replica?.log.next(({ msg, policy }) => msg === 'policy in force' && policy === 'default')
    const apply = ['apply', '-f', join(tallyman.deploy, 'samples/tag-policy.yaml'), ...STRICT]
    t.same(await as('policy-owner')(apply), {
      code: 0,
      stdout: 'tagpolicy.tallyman.dev/default created\n',
      stderr: '',
    })
    t.match(await inForce, { mode: 'warn' })
    t.equal((await as('submitter')(apply)).code, 1)
  })

  t.test('its Pods may run in its namespace, which is held to the standard "restricted"', async (t) => {
    // Where no controller runs, the service account is all that is missing.
    const { body } = await controlPlane.admin.get('/apis/apps/v1/namespaces/tallyman/deployments/tallyman')
    const { template } = (body as { spec: { template: { metadata: object; spec: PodSpec } } }).spec
    const pod = (spec: object) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...template.metadata, name: 'a' },
      spec,
    })
    const path = '/api/v1/namespaces/tallyman/pods?dryRun=All'
    const created = await controlPlane.admin.create(path, pod(template.spec))
    t.same([created.status, created.warnings], [201, []])
    const { volumes } = (created.body as { spec: PodSpec }).spec
    const [first, token, ...others] = volumes.map(({ name }) => name)
    t.same([first, others], ['tls', []])
    t.match(token, /^kube-api-access-/)

    const [container] = template.spec.containers
    const laxer = { ...template.spec, containers: [{ ...container, securityContext: {} }] }
    t.equal((await controlPlane.admin.create(path, pod(laxer))).status, 403, 'the standard is in force')
  })

  t.test('kubectl delete -k takes all of it away', async (t) => {
    // Without controllers a namespace is marked as deleted, but nobody empties it.
    const { code, stdout, stderr } = await admin(['delete', '-k', tallyman.overlay, '--wait=false'])
    t.same([code, stderr], [0, ''])
    const deleted = [...stdout.matchAll(/^(\S+) "(\S+)" deleted/gm)].map(
      ([, kind, name]) => `${kind}/${name}`,
    )
    t.same(
      done(deleted.join('\n'))
        .map(({ name }) => name)
        .sort(),
      [...BASE, SECRET].sort(),
    )
    const left = await admin(['get', 'validatingwebhookconfigurations', '-o', 'name'])
    t.equal(expectDone(left), '')
  })
})

interface PodSpec {
  readonly containers: readonly object[]
  readonly volumes: readonly { readonly name: string }[]
}
