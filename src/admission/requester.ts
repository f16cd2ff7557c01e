import type { AdmissionRequest } from './review.ts'

/**
 * Components of Kubernetes that authenticate by certificate. Names that begin with `system:` are reserved for
 * the cluster, but not all of them are machines: `system:admin` is how some distributions call their
 * administrator, so they are listed.
 */
const COMPONENTS: ReadonlySet<string> = new Set([
  'system:apiserver',
  'system:cloud-controller-manager',
  'system:kube-controller-manager',
  'system:kube-proxy',
  'system:kube-scheduler',
])

const SERVICE_ACCOUNT = 'system:serviceaccount:'

/** Whether a machine asks: nobody would read a warning. */
export function isMachine({ username, groups }: AdmissionRequest['userInfo']): boolean {
  return (
    groups.includes('system:serviceaccounts') ||
    groups.includes('system:nodes') ||
    username.startsWith(SERVICE_ACCOUNT) ||
    username.startsWith('system:node:') ||
    COMPONENTS.has(username)
  )
}

/** Whether somebody may see a warning: a person, or a service account, in the log of whose pipeline it stands. */
export function hearsWarnings(user: AdmissionRequest['userInfo']): boolean {
  return !isMachine(user) || user.username.startsWith(SERVICE_ACCOUNT)
}

/** The namespace of the service account that asks (`system:serviceaccount:NAMESPACE:NAME`); undefined for anybody else. */
export function serviceAccountNamespace(username: string): string | undefined {
  if (!username.startsWith(SERVICE_ACCOUNT)) return undefined
  const [namespace, name, ...rest] = username.slice(SERVICE_ACCOUNT.length).split(':')
  return namespace && name && rest.length === 0 ? namespace : undefined
}
