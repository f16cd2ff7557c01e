import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { ApiClient } from '../control-plane/api-client.ts'
import { boot } from './boot.ts'
import { expectDone, type Kubectl, kubectl } from './kubectl.ts'
import { programs, signal } from './programs.ts'
import { tagPoliciesServed } from './tag-policy.ts'

const DEFINITION = fileURLToPath(
  new URL('../../deploy/base/crd/custom-resource-definition.yaml', import.meta.url),
)

/** A control plane that knows TagPolicies and has no tallyman: what the API server does by itself. */
export async function withTagPolicies(t: Test): Promise<{ admin: ApiClient; asAdmin: Kubectl }> {
  const controlPlane = await boot(t)
  const { admin } = controlPlane
  const asAdmin = kubectl(programs.kubectl, controlPlane.login('admin').kubeconfig)
  expectDone(await asAdmin(['apply', '--validate=strict', '-f', DEFINITION]))
  expectDone(await asAdmin(['wait', '--for=condition=Established', '--timeout=30s', '-f', DEFINITION]))
  await tagPoliciesServed(admin, signal)
  return { admin, asAdmin }
}

/** A TagPolicy of any content. */
export function tagPolicy(name: string, spec: unknown): object {
  return { apiVersion: 'tallyman.dev/v1alpha1', kind: 'TagPolicy', metadata: { name }, spec }
}
