import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { readAuditLog } from '../control-plane/audit-log.ts'
import { binaries } from '../control-plane/binaries.ts'
import type { ControlPlaneOptions } from '../control-plane/control-plane.ts'
import { LOOPBACK } from '../control-plane/free-ports.ts'
import { onInterrupt } from '../control-plane/interrupt.ts'
import { screen } from '../control-plane/screen.ts'
import { settings } from '../control-plane/settings.ts'
import { startControlPlane } from '../control-plane/start-control-plane.ts'
import { until } from '../control-plane/until.ts'

const run = promisify(execFile)
const signal = onInterrupt()
const chosen = settings(process.env)
const programs = await binaries(chosen, process.env, screen, signal)
const WITHIN_MS = 30_000

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'main', image: 'nginx:1.25.3' }] },
})
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: pod('').spec },
  },
}

async function boot(t: Test, controllers: ControlPlaneOptions['controllers']) {
  const controlPlane = await startControlPlane({
    binaries: programs,
    logs: join(chosen.cache, 'logs'),
    controllers,
    signal,
  })
  t.teardown(() => controlPlane.stop({ keepLogs: !t.passing() }))
  return controlPlane
}

t.test('users have the rights that they should, without controllers', async (t) => {
  const controlPlane = await boot(t, 'none')
  const submitter = controlPlane.login('submitter').client
  const policyOwner = controlPlane.login('policy-owner').client
  const pods = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`
  t.equal((await submitter.create(pods('team-a'), pod('one'))).status, 201)
  t.equal((await submitter.create(pods('default'), pod('one'))).status, 403)
  t.equal((await policyOwner.get('/api/v1/pods')).status, 200)
  t.equal((await policyOwner.create(pods('team-a'), pod('two'))).status, 403)
  const label = { metadata: { labels: { 'tallyman.dev/mode': 'warn' } } }
  t.equal((await policyOwner.get('/api/v1/namespaces/team-a')).status, 200)
  for (const user of [policyOwner, submitter])
    t.equal((await user.send('PATCH', '/api/v1/namespaces/team-a', label)).status, 403)

  t.test('and the audit log has what they did', async (t) => {
    const events = (await readAuditLog(controlPlane.auditLog)).filter(
      ({ user }) => user.username === 'submitter',
    )
    t.same(
      events.map(({ verb, objectRef, responseStatus }) => [verb, objectRef?.resource, responseStatus?.code]),
      [
        ['create', 'pods', 201],
        ['create', 'pods', 403],
        ['patch', 'namespaces', 403],
      ],
    )
  })

  t.test('and kubectl reads their kubeconfigs', async (t) => {
    const args = ['--kubeconfig', controlPlane.login('submitter').kubeconfig, 'get', 'pods', '-o', 'name']
    t.equal((await run(programs.kubectl, args)).stdout, 'pod/one\n')
  })

  t.test('and all of it is gone after a stop', async (t) => {
    const { folder, processes } = controlPlane
    await controlPlane.stop()
    t.notOk(existsSync(folder))
    for (const { pid } of processes) t.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
  })
})

/** Denies everything, and says by which process. */
async function webhook(
  t: Test,
  name: string,
  credentials: { certificate: string; key: string },
): Promise<number> {
  const server = createServer(
    { cert: credentials.certificate, key: credentials.key },
    async (request, response) => {
      const {
        apiVersion,
        kind,
        request: asked,
      } = (await json(request)) as {
        apiVersion: string
        kind: string
        request: { uid: string }
      }
      const answer = { uid: asked.uid, allowed: false, status: { message: name } }
      response.setHeader('content-type', 'application/json').setHeader('connection', 'close')
      response.end(JSON.stringify({ apiVersion, kind, response: answer }))
    },
  )
  t.teardown(() => server.close())
  await once(server.listen(0, LOOPBACK), 'listening')
  return (server.address() as AddressInfo).port
}

t.test('a webhook is reached by its Service, each connection at the next process', async (t) => {
  const controlPlane = await boot(t, 'none')
  const { admin, ca } = controlPlane
  const credentials = await controlPlane.issue({ name: 'hook', hosts: ['hook.default.svc'] })
  const ports = [await webhook(t, 'the first', credentials), await webhook(t, 'the second', credentials)]
  controlPlane.services.route('default/hook', ports)
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'hook' },
    spec: { ports: [{ port: 443, targetPort: 8443 }], selector: { app: 'hook' } },
  }
  t.equal((await admin.create('/api/v1/namespaces/default/services', service)).status, 201)
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'hook' },
    webhooks: [
      {
        name: 'hook.example.com',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        clientConfig: {
          service: { namespace: 'default', name: 'hook', path: '/validate' },
          caBundle: Buffer.from(ca).toString('base64'),
        },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      },
    ],
  }
  const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations'
  t.equal((await admin.create(path, configuration)).status, 201)
  const denied = await until('a denial', WITHIN_MS, signal, async () => {
    const { status, body } = await admin.create('/api/v1/namespaces/default/pods?dryRun=All', pod('x'))
    return status === 201 ? undefined : (body as { message: string }).message
  })
  const next = await admin.create('/api/v1/namespaces/default/pods?dryRun=All', pod('x'))
  const said = [denied, (next.body as { message: string }).message].sort()
  t.same(
    said,
    ['the first', 'the second'].map((by) => `admission webhook "hook.example.com" denied the request: ${by}`),
  )
})

const identities = [
  ['service-accounts', 'system:serviceaccount:kube-system:replicaset-controller'],
  ['one-user', 'system:kube-controller-manager'],
] as const
for (const [controllers, user] of identities) {
  const skip =
    programs['kube-controller-manager'] === undefined && 'these programs have no controller manager'
  t.test(`a Deployment's Pods are made by ${user}`, { skip }, async (t) => {
    const controlPlane = await boot(t, controllers)
    const submitter = controlPlane.login('submitter').client
    t.equal((await submitter.create('/apis/apps/v1/namespaces/team-a/deployments', deployment)).status, 201)
    const created = await until('a Pod', WITHIN_MS, signal, async () =>
      (await readAuditLog(controlPlane.auditLog)).find(
        ({ verb, objectRef }) =>
          verb === 'create' && objectRef?.resource === 'pods' && !objectRef.subresource,
      ),
    )
    t.equal(created.user.username, user)
  })
}
