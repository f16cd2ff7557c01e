import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shippedEnvironment } from '../bench/shipped-environment.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { freePorts, LOOPBACK } from '../control-plane/free-ports.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'
import { Installation } from './installation.ts'
import { createPod, wasJudged } from './pod-creates.ts'
import { ENFORCE } from './policy.ts'
import { AS_BUILT, type Replica } from './replica.ts'
import { theReplica } from './replicas.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const API = 'admissionregistration.k8s.io/v1'
const REGISTRATIONS = apiPath(API, 'validatingwebhookconfigurations')
const REGISTRATION = `${REGISTRATIONS}/tallyman`
const IN_USE_WITHIN_MS = 30_000

/** What stands between a Pod and its admission, in namespaces of their own. */
export const WAYS = [
  { name: 'no webhook', namespace: 'none', denied: false },
  { name: 'ValidatingAdmissionPolicy', namespace: 'expression', denied: false },
  { name: 'bare fastify webhook', namespace: 'bare', denied: false },
  { name: 'tallyman', namespace: 'tallyman-judges', denied: false },
  { name: 'tallyman, denied', namespace: 'tallyman-judges', denied: true },
] as const

/** The parts of a ValidatingWebhookConfiguration that are changed here; its entry for workloads is the first. */
interface Registration {
  readonly webhooks: readonly [Entry, ...Entry[]]
}
interface Entry {
  readonly clientConfig: { readonly caBundle: string; readonly service?: object }
}

/** A small part of what tallyman asks: a tag is there and is not `latest`. */
const EXPRESSION =
  "object.spec.containers.all(c, c.image.contains('@') || (c.image.matches(':[^/]+$') && !c.image.endsWith(':latest')))"
const DENIAL = 'use a tag that does not move'

/**
 * Sets up all ways at once. tallyman is installed as deploy/ says it, with a TagPolicy in the cluster; the bare webhook runs in
 * the same environment. @returns tallyman
 */
export async function benchSetUp(
  controlPlane: ControlPlane,
  kubectl: string,
  signal: AbortSignal,
): Promise<Replica> {
  const { admin, folder, supervisor } = controlPlane
  const { certificate, key } = await controlPlane.issue({ name: 'webhook', hosts: [LOOPBACK] })
  const files = { certificate: join(folder, 'webhook.crt'), key: join(folder, 'webhook.key') }
  await writeFile(files.certificate, certificate)
  await writeFile(files.key, key, { mode: 0o600 })
  const [barePort] = (await freePorts(1)) as [number]
  await supervisor.start('bare-fastify', {
    command: process.execPath,
    args: [join(ROOT, 'test/bench/bare-fastify.ts'), files.certificate, files.key, String(barePort)],
    env: shippedEnvironment(ROOT),
  })
  const installation = await Installation.install({
    controlPlane,
    kubectl,
    signal,
    policy: ENFORCE,
    main: AS_BUILT,
  })
  const tallyman = theReplica(installation)

  for (const namespace of new Set(WAYS.map((way) => way.namespace)))
    await controlPlane.createNamespace(namespace)
  await registerExpression(controlPlane, 'expression')
  const shipped = await admin.get(REGISTRATION)
  expectSuccess(shipped, 'reading the registration of tallyman')
  const registration = shipped.body as Registration
  const [entry] = registration.webhooks
  const change = { webhooks: [only(entry, 'tallyman-judges', tallyman.port)] }
  expectSuccess(await admin.send('PATCH', REGISTRATION, change), 'narrowing the registration of tallyman')
  const bare = { ...only(entry, 'bare', barePort), name: 'bare.bench.tallyman.dev' }
  const created = await admin.create(REGISTRATIONS, {
    metadata: { name: 'bare' },
    webhooks: [{ ...bare, clientConfig: { ...bare.clientConfig, caBundle: base64(controlPlane.ca) } }],
  })
  expectSuccess(created, 'registering the bare webhook')

  await until('the ValidatingAdmissionPolicy to deny', IN_USE_WITHIN_MS, signal, async () => {
    const { said } = await createPod(admin, { namespace: 'expression', image: 'moving' })
    return said.includes(DENIAL) ? true : undefined
  })
  await until('the API server to ask the bare webhook', IN_USE_WITHIN_MS, signal, async () => {
    await createPod(admin, { namespace: 'bare', image: 'floating' })
    const metrics = String((await admin.get('/metrics')).body)
    return metrics.includes(`webhook_request_total{code="200",name="${bare.name}"`) ? true : undefined
  })
  await until('tallyman to judge its own namespace alone', IN_USE_WITHIN_MS, signal, async () => {
    const judged = async (namespace: string) =>
      wasJudged(await createPod(admin, { namespace, image: 'moving' }))
    return (await judged('tallyman-judges')) && !(await judged('none')) ? true : undefined
  })
  return tallyman
}

/** The entry as it is shipped, but at a loopback address and failing closed: so that an answer that did not come is an error here. */
function only(entry: Entry, namespace: string, port: number) {
  const { service: _, ...clientConfig } = entry.clientConfig
  return {
    ...entry,
    failurePolicy: 'Fail',
    clientConfig: { ...clientConfig, url: `https://${LOOPBACK}:${port}/validate` },
    namespaceSelector: inNamespace(namespace),
  }
}

async function registerExpression({ admin }: ControlPlane, namespace: string): Promise<void> {
  const name = `${namespace}.bench.tallyman.dev`
  const policy = {
    apiVersion: API,
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
    apiVersion: API,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: {
      policyName: name,
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: inNamespace(namespace) },
    },
  }
  const policies = apiPath(API, 'validatingadmissionpolicies')
  expectSuccess(await admin.create(policies, policy), 'creating the ValidatingAdmissionPolicy')
  const bindings = apiPath(API, 'validatingadmissionpolicybindings')
  expectSuccess(await admin.create(bindings, binding), 'binding the ValidatingAdmissionPolicy')
}

function inNamespace(namespace: string): object {
  return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [namespace] }] }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
