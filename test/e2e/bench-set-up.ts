import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { shippedEnvironment } from '../bench/shipped-environment.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { freePorts, LOOPBACK } from '../control-plane/free-ports.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'
import { createPod } from './pod-creates.ts'
import { AS_BUILT, Replica } from './replica.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const REGISTRATION = join(ROOT, 'deploy/base/webhook/validating-webhook-configuration.yaml')
const REGISTRATIONS = 'admissionregistration.k8s.io/v1'
const IN_USE_WITHIN_MS = 30_000

/** What stands between a Pod and its admission, each in a namespace of its own. */
export const WAYS = [
  { name: 'no webhook', namespace: 'none' },
  { name: 'ValidatingAdmissionPolicy', namespace: 'expression' },
  { name: 'bare fastify webhook', namespace: 'bare' },
  { name: 'tallyman', namespace: 'tallyman-judges' },
] as const

/** A small part of what tallyman asks: a tag is there and is not `latest`. */
const EXPRESSION =
  "object.spec.containers.all(c, c.image.contains('@') || (c.image.matches(':[^/]+$') && !c.image.endsWith(':latest')))"
const DENIAL = 'use a tag that does not move'

/** Sets up all ways at once. Both webhooks run in the environment that deploy/ ships, and what is shipped. @returns tallyman */
export async function benchSetUp(controlPlane: ControlPlane, signal: AbortSignal): Promise<Replica> {
  const { admin, folder, supervisor } = controlPlane
  const { certificate, key } = await controlPlane.issue({ name: 'webhook', hosts: [LOOPBACK] })
  const files = { certificate: join(folder, 'webhook.crt'), key: join(folder, 'webhook.key') }
  await writeFile(files.certificate, certificate)
  await writeFile(files.key, key, { mode: 0o600 })
  const environment = shippedEnvironment(ROOT)
  const [barePort] = (await freePorts(1)) as [number]
  await supervisor.start('bare-fastify', {
    command: process.execPath,
    args: [join(ROOT, 'test/bench/bare-fastify.ts'), files.certificate, files.key, String(barePort)],
    env: environment,
  })
  const policy = join(ROOT, 'deploy/components/policy-file/policy.yaml')
  const args = [
    'serve',
    '--policy',
    policy,
    '--mode',
    'enforce',
    '--tls-cert',
    files.certificate,
    '--tls-key',
    files.key,
  ]
  const tallyman = await Replica.start(
    supervisor,
    { name: 'tallyman', main: AS_BUILT, args, env: environment },
    signal,
  )

  for (const { namespace } of WAYS) await controlPlane.createNamespace(namespace)
  await registerExpression(controlPlane, 'expression')
  await registerWebhook(controlPlane, { namespace: 'bare', port: barePort })
  await registerWebhook(controlPlane, { namespace: 'tallyman-judges', port: tallyman.port })

  await until('the ValidatingAdmissionPolicy to deny', IN_USE_WITHIN_MS, signal, async () => {
    const { said } = await createPod(admin, { namespace: 'expression', image: 'moving' })
    return said.includes(DENIAL) ? true : undefined
  })
  for (const namespace of ['bare', 'tallyman-judges']) {
    await until(`the API server to ask the webhook of ${namespace}`, IN_USE_WITHIN_MS, signal, async () => {
      await createPod(admin, { namespace, image: 'floating' })
      const metrics = String((await admin.get('/metrics')).body)
      return metrics.includes(`webhook_request_total{code="200",name="${namespace}.bench.`) ? true : undefined
    })
  }
  return tallyman
}

/** With the rules that deploy/ ships, but failing closed: so that an answer that did not come is an error here. */
async function registerWebhook(
  { admin, ca }: ControlPlane,
  { namespace, port }: { namespace: string; port: number },
): Promise<void> {
  const shipped = parse(await readFile(REGISTRATION, 'utf8'))
  const [webhook] = shipped.webhooks
  const created = await admin.create(apiPath(REGISTRATIONS, 'validatingwebhookconfigurations'), {
    ...shipped,
    metadata: { name: namespace },
    webhooks: [
      {
        ...webhook,
        name: `${namespace}.bench.tallyman.dev`,
        failurePolicy: 'Fail',
        clientConfig: {
          url: `https://${LOOPBACK}:${port}/validate`,
          caBundle: Buffer.from(ca).toString('base64'),
        },
        namespaceSelector: only(namespace),
      },
    ],
  })
  expectSuccess(created, `registering the webhook of ${namespace}`)
}

async function registerExpression({ admin }: ControlPlane, namespace: string): Promise<void> {
  const name = `${namespace}.bench.tallyman.dev`
  const policy = {
    apiVersion: REGISTRATIONS,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] },
        ],
      },
      validations: [{ expression: EXPRESSION, message: DENIAL }],
    },
  }
  const binding = {
    apiVersion: REGISTRATIONS,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: {
      policyName: name,
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: only(namespace) },
    },
  }
  const policies = apiPath(REGISTRATIONS, 'validatingadmissionpolicies')
  expectSuccess(await admin.create(policies, policy), 'creating the ValidatingAdmissionPolicy')
  const bindings = apiPath(REGISTRATIONS, 'validatingadmissionpolicybindings')
  expectSuccess(await admin.create(bindings, binding), 'binding the ValidatingAdmissionPolicy')
}

function only(namespace: string): object {
  return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [namespace] }] }
}
