// The life of an installation with Helm: installed, changed, taken back, uninstalled at the worst moment, installed again, and
// beside what kubectl apply -k left.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { readAuditLog } from '../control-plane/audit-log.ts'
import { until } from '../control-plane/until.ts'
import { boot } from './boot.ts'
import { EVERYTHING } from './chart-values.ts'
import { defineKinds } from './custom-kinds.ts'
import { copyDeploy } from './deploy-copy.ts'
import { helm as helmOf } from './helm.ts'
import { helmProgram, noHelm } from './helm-program.ts'
import { RELEASE } from './installation.ts'
import { expectDone, kubectl } from './kubectl.ts'
import { issueToken } from './pod-login.ts'
import { podTemplate } from './pod-template.ts'
import { ENFORCE } from './policy.ts'
import { programs, signal } from './programs.ts'
import { setUp } from './set-up.ts'

const WITHIN_MS = 30_000
const CONFIGURATION = ['validatingwebhookconfiguration', 'tallyman']

const GOOD = podTemplate('nginx:1.25.3')
const BAD = podTemplate('nginx')

t.test('installed, upgraded, rolled back, uninstalled', { skip: noHelm }, async (t) => {
  const program = helmProgram ?? ''
  const { controlPlane, tallyman, as } = await setUp(t, { policy: ENFORCE, chart: { program } })
  const admin = as('admin')
  const helm = helmOf(program, controlPlane.login('admin').kubeconfig)
  const inNamespace = ['--namespace', 'tallyman']
  const upgrade = (...values: string[]) =>
    helm(['upgrade', RELEASE, tallyman.chart, ...inNamespace, ...values.flatMap((it) => ['--set', it])])
  const create = (object: object) => admin(['create', '--dry-run=server', '-n', 'team-a', '-f', '-'], object)
  const read = async (path: string) =>
    expectDone(await admin(['get', ...CONFIGURATION, '-o', `jsonpath={${path}}`]))
  const failurePolicies = () => read('.webhooks[*].failurePolicy')
  const bundles = () => read('.webhooks[*].clientConfig.caBundle')
  const comes = (what: string, is: () => Promise<boolean>) =>
    until(what, WITHIN_MS, signal, async () => ((await is()) ? true : undefined))
  const stop = async () => {
    for (const replica of [...tallyman.replicas]) {
      tallyman.withdraw(replica)
      await replica.kill()
    }
  }

  await t.test('it judges, with a certificate that it made', async (t) => {
    t.equal((await create(GOOD)).code, 0)
    t.match((await create(BAD)).stderr, 'denied the request: PodTemplate "a": container "main" uses nginx,')
    t.equal((await bundles()).split(' ').length, 3)
    const [release] = JSON.parse(expectDone(await helm(['list', ...inNamespace, '-o', 'json'])))
    t.match(release, { name: RELEASE, status: 'deployed', revision: '1' })
  })

  await t.test('an upgrade without a change leaves the webhook configuration as it is', async (t) => {
    const before = await read('.metadata.resourceVersion')
    expectDone(await upgrade())
    t.equal(await read('.metadata.resourceVersion'), before)
  })

  await t.test('an upgrade brings back a webhook configuration that was deleted', async (t) => {
    const registered = (value: number) => async () =>
      (await tallyman.replicas[0]?.metric('tallyman_registered')) === value
    await comes('the metric to say that it is there', registered(1))
    expectDone(await admin(['delete', ...CONFIGURATION]))
    await comes('the metric to say that it is gone', registered(0))
    await comes('nothing to be judged', async () => (await create(BAD)).code === 0)
    expectDone(await helm(['upgrade', RELEASE, tallyman.chart, ...inNamespace, '--reset-then-reuse-values']))
    await comes('the metric to say that it is back', registered(1))
    await comes('it to judge again', async () => (await create(BAD)).stderr.includes('denied'))
    t.equal((await bundles()).split(' ').length, 3)
  })

  await t.test('an upgrade brings the definition of TagPolicy up to date', async (t) => {
    const file = join(tallyman.chart, 'files/custom-resource-definition.yaml')
    const text = await readFile(file, 'utf8')
    const column = ['.spec.versions[0].additionalPrinterColumns[0].name', 'Mode', 'Switch'] as const
    await writeFile(file, text.replace(`- name: ${column[1]}\n`, `- name: ${column[2]}\n`))
    expectDone(await upgrade())
    await writeFile(file, text)
    const read = ['get', 'crd', 'tagpolicies.tallyman.dev', '-o', `jsonpath={${column[0]}}`]
    t.equal(expectDone(await admin(read)), column[2])
  })

  /** The last one that fails open. */
  let revision = ''

  await t.test('an upgrade to Fail keeps the caBundle, and refuses while nobody answers', async (t) => {
    const before = await bundles()
    ;[{ revision }] = JSON.parse(expectDone(await helm(['list', ...inNamespace, '-o', 'json'])))
    expectDone(await upgrade('failurePolicy=Fail'))
    t.equal(await failurePolicies(), 'Fail Ignore Ignore')
    t.equal(await bundles(), before)
    t.equal((await create(GOOD)).code, 0)
    await stop()
    await comes('workloads to be refused', async () =>
      (await create(GOOD)).stderr.includes('failed calling webhook "image-tags.tallyman.dev"'),
    )
  })

  await t.test('an upgrade says what somebody patched, and takes it back when it is told to', async (t) => {
    const ignore = [{ op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' }]
    expectDone(await admin(['patch', ...CONFIGURATION, '--type=json', '-p', JSON.stringify(ignore)]))
    const { code, stderr } = await upgrade('failurePolicy=Fail')
    t.equal(code, 1)
    t.match(
      stderr,
      /conflict with "kubectl-patch".*\.webhooks\[name="image-tags\.tallyman\.dev"\]\.failurePolicy/s,
    )
    t.equal(await failurePolicies(), 'Ignore Ignore Ignore')
    const before = await bundles()
    const values = ['--set', 'failurePolicy=Fail', '--force-conflicts']
    expectDone(await helm(['upgrade', RELEASE, tallyman.chart, ...inNamespace, ...values]))
    t.equal(await failurePolicies(), 'Fail Ignore Ignore')
    t.equal(await bundles(), before)
  })

  await t.test('a rollback lets them in again, and keeps the caBundle too', async (t) => {
    const before = await bundles()
    expectDone(await helm(['rollback', RELEASE, revision, ...inNamespace]))
    t.equal(await failurePolicies(), 'Ignore Ignore Ignore')
    t.equal(await bundles(), before)
    await comes('workloads to be let in', async () => (await create(BAD)).code === 0)
    await tallyman.startReplica()
    await tallyman.inUse()
    t.match((await create(BAD)).stderr, 'denied the request')
  })

  const certificate = async () =>
    expectDone(
      await admin(['get', 'secret', 'tallyman-certificate', ...inNamespace, '-o', 'jsonpath={.data}']),
    )
  let kept = ''

  await t.test(
    'an uninstall while it fails closed and nobody answers leaves nothing in the way',
    async (t) => {
      expectDone(await upgrade('failurePolicy=Fail'))
      await stop()
      await comes('workloads to be refused', async () => (await create(GOOD)).code === 1)
      const { code, stdout } = await helm(['uninstall', RELEASE, ...inNamespace])
      t.equal(code, 0)
      t.match(stdout, '[CustomResourceDefinition] tagpolicies.tallyman.dev')
      t.equal(expectDone(await admin(['get', 'validatingwebhookconfigurations', '-o', 'name'])), '')
      await comes('every create to work', async () => (await create(BAD)).code === 0)
      t.equal(
        expectDone(await admin(['get', 'tagpolicies', '-o', 'name'])),
        'tagpolicy.tallyman.dev/default\n',
        'the policies are still there',
      )
      t.equal(
        expectDone(await admin(['get', 'secrets', ...inNamespace, '-o', 'name'])),
        'secret/tallyman-certificate\n',
      )
      kept = await certificate()
    },
  )

  await t.test('and Helm 4 deletes the webhook configuration first', async (t) => {
    const deleted = (await readAuditLog(controlPlane.auditLog))
      .filter(({ verb, objectRef }) => verb === 'delete' && objectRef?.name === 'tallyman')
      .map(({ objectRef }) => objectRef?.resource)
    t.equal(deleted[0], 'validatingwebhookconfigurations')
    t.ok(deleted.includes('services') && deleted.includes('deployments'))
  })

  await t.test('installed again, it takes back its certificate and the policies', async (t) => {
    expectDone(await tallyman.apply())
    // The service account is another one, and the kubelet gives each Pod the token of the one that is there.
    const token = await issueToken(controlPlane, 'tallyman')
    await tallyman.tokenMount.write({ token, 'ca.crt': controlPlane.ca, namespace: 'tallyman' })
    await tallyman.startReplica()
    await tallyman.inUse()
    t.match((await create(BAD)).stderr, 'denied the request')
    t.equal(await certificate(), kept)
  })

  await t.test('by another name, Helm says whose it is', async (t) => {
    const { code, stderr } = await helm([
      'install',
      'second',
      tallyman.chart,
      '-n',
      'another',
      '--create-namespace',
    ])
    t.equal(code, 1)
    t.match(stderr, /exists and cannot be imported into the current release: invalid ownership metadata/)
    t.match(stderr, 'must equal "second": current value is "tallyman"')
  })
})

t.test('whatever is set, each object is accepted', { skip: noHelm }, async (t) => {
  const controlPlane = await boot(t)
  const { kubeconfig } = controlPlane.login('admin')
  const deploy = join(controlPlane.folder, 'deploy')
  await copyDeploy(deploy)
  await controlPlane.createNamespace('tallyman')
  const file = join(controlPlane.folder, 'values.json')
  const optional = ['preview', 'events', 'monitoring', 'dashboard'].map((it) => [it, { enabled: true }])
  await writeFile(file, JSON.stringify({ ...EVERYTHING, ...Object.fromEntries(optional) }))
  const monitoring = { group: 'monitoring.coreos.com', versions: ['v1'] }
  await defineKinds(
    controlPlane.admin,
    [
      { ...monitoring, kind: 'ServiceMonitor', resource: 'servicemonitors' },
      { ...monitoring, kind: 'PrometheusRule', resource: 'prometheusrules' },
    ],
    signal,
  )
  const chart = join(deploy, 'helm/tallyman')
  const manifests = expectDone(
    await helmOf(
      helmProgram ?? '',
      kubeconfig,
    )(['template', RELEASE, chart, '--namespace', 'tallyman', '--values', file]),
  )
  const apply = ['apply', '--dry-run=server', '--validate=strict', '-f', '-']
  const { code, stdout, stderr } = await kubectl(programs.kubectl, kubeconfig)(apply, manifests)
  t.same([code, stderr], [0, ''])
  t.equal(stdout.split('\n').length - 1, 22)
})

t.test('over what kubectl apply -k left', { skip: noHelm }, async (t) => {
  const program = helmProgram ?? ''
  const { controlPlane, tallyman, as } = await setUp(t, { policy: ENFORCE, overlay: 'managed' })
  const admin = as('admin')
  const helm = helmOf(program, controlPlane.login('admin').kubeconfig)
  const deploy = join(controlPlane.folder, 'with-helm')
  await copyDeploy(deploy)
  const install = ['install', RELEASE, join(deploy, 'helm/tallyman'), '--namespace', 'tallyman']
  const bad = () => admin(['create', '--dry-run=server', '-n', 'team-a', '-f', '-'], BAD)

  await t.test('what Argo CD and Flux apply leaves the caBundle', async (t) => {
    const bundles = async () =>
      expectDone(
        await admin(['get', ...CONFIGURATION, '-o', 'jsonpath={.webhooks[*].clientConfig.caBundle}']),
      )
    const before = await bundles()
    t.equal(before.split(' ').length, 3)
    for (const manager of ['argocd-controller', 'kustomize-controller']) {
      const how = ['apply', '--server-side', '--force-conflicts', `--field-manager=${manager}`]
      expectDone(await admin([...how, '-k', tallyman.overlay]))
      t.equal(await bundles(), before, manager)
    }
    t.match((await bad()).stderr, 'denied the request')
  })

  const refused = await helm(install)
  t.equal(refused.code, 1)
  t.match(
    refused.stderr,
    /exists and cannot be imported into the current release: invalid ownership metadata/,
  )

  expectDone(await helm([...install, '--take-ownership', '--set', 'failurePolicy=Fail', '--force-conflicts']))
  t.match((await bad()).stderr, 'denied the request', 'it went on judging')
  await tallyman.inUse()
  const owner = await admin([
    'get',
    ...CONFIGURATION,
    '-o',
    'jsonpath={.metadata.labels.app\\.kubernetes\\.io/managed-by}',
  ])
  t.equal(expectDone(owner), 'Helm')
  expectDone(await helm(['uninstall', RELEASE, '--namespace', 'tallyman']))
  t.equal(expectDone(await admin(['get', 'validatingwebhookconfigurations', '-o', 'name'])), '')
})
