import type { ControlPlane } from '../control-plane/control-plane.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'
import { createPod, wasJudged } from './pod-creates.ts'
import { signal } from './programs.ts'

/** The namespace where failurePolicy is Ignore, as deploy/ ships it. */
export const OPEN = 'fails-open'
/** The namespace where it is Fail, as with the component fail-closed. */
export const CLOSED = 'fails-closed'

const CONFIGURATIONS = apiPath('admissionregistration.k8s.io/v1', 'validatingwebhookconfigurations')
const JSON_PATCH = 'application/json-patch+json'
/** The API server takes up a new configuration within a second; this leaves room for a busy machine. */
const IN_USE_WITHIN_MS = 30_000

/**
 * Registers the installed tallyman a second time, for the namespace CLOSED alone and with failurePolicy Fail, so that one
 * fault shows what it does under either policy. Both use the same connections: the API server has a client for each
 * address, not for each registration.
 * @param timeoutSeconds of both registrations
 */
export async function bothFailurePolicies(
  controlPlane: ControlPlane,
  { timeoutSeconds }: { timeoutSeconds: number },
): Promise<void> {
  const { admin } = controlPlane
  await controlPlane.createNamespace(OPEN)
  await controlPlane.createNamespace(CLOSED)
  const path = `${CONFIGURATIONS}/tallyman`
  const patches = [
    { op: 'replace', path: '/webhooks/0/timeoutSeconds', value: timeoutSeconds },
    { op: 'add', path: '/webhooks/0/namespaceSelector/matchExpressions/-', value: select('NotIn') },
  ]
  const patched = await admin.send('PATCH', path, patches, JSON_PATCH)
  expectSuccess(patched, 'leaving a namespace to the other registration')
  await judging(false)

  const [webhook] = (patched.body as { webhooks: [object] }).webhooks
  const closed = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'tallyman-fails-closed' },
    webhooks: [
      { ...webhook, failurePolicy: 'Fail', namespaceSelector: { matchExpressions: [select('In')] } },
    ],
  }
  expectSuccess(await admin.create(CONFIGURATIONS, closed), 'registering tallyman to fail closed')
  await judging(true)

  async function judging(wanted: boolean): Promise<void> {
    const what = `Pods in ${CLOSED} to be ${wanted ? 'judged' : 'let in unasked'}`
    await until(what, IN_USE_WITHIN_MS, signal, async () => {
      const create = await createPod(admin, { namespace: CLOSED, image: 'moving' })
      return wasJudged(create) === wanted ? true : undefined
    })
  }
}

function select(operator: 'In' | 'NotIn'): object {
  return { key: 'kubernetes.io/metadata.name', operator, values: [CLOSED] }
}
