/** The part of an AdmissionReview that tells what kubectl was asked to do. */
export interface Review {
  readonly request: {
    readonly kind: { readonly group: string; readonly kind: string }
    readonly resource: { readonly group: string; readonly resource: string }
    readonly subResource?: string
    readonly namespace?: string
    readonly name?: string
    readonly operation: string
    readonly userInfo: { readonly username: string }
    readonly object: { readonly metadata?: { readonly name?: string; readonly generateName?: string } }
  }
}

/** The part of an answer that kubectl shows. */
export interface ReviewAnswer {
  readonly response: {
    readonly allowed: boolean
    readonly status?: { readonly message?: string; readonly reason?: string }
    readonly warnings?: readonly string[]
  }
}

/** Where the webhook's name comes from: the ValidatingWebhookConfiguration in deploy/. */
const WEBHOOK = 'image-tags.tallyman.dev'

/** What kubectl prints for an answer: warnings, and the error that the API server makes of a denial or what was done. */
export function kubectlOutput(
  { request }: Review,
  { response }: ReviewAnswer,
): { title: string; lines: string[] } {
  const { kind, resource, operation, userInfo, object, namespace, subResource } = request
  const type =
    resource.group === '' ? kind.kind.toLowerCase() : `${kind.kind.toLowerCase()}.${resource.group}`
  const name = request.name ?? object.metadata?.name ?? `${object.metadata?.generateName ?? ''}x7k2p`
  const verb = operation === 'CREATE' ? 'create' : 'apply'
  const where = namespace === undefined ? '' : ` -n ${namespace}`
  const who = userInfo.username.startsWith('system:') ? `   (asked by ${userInfo.username})` : ''
  const title =
    subResource === 'ephemeralcontainers'
      ? `kubectl debug ${name}${where}`
      : `kubectl ${verb}${where} --dry-run=server -f ${kind.kind.toLowerCase()}.yaml${who}`
  const warnings = (response.warnings ?? []).map((warning) => `Warning: ${warning}`)
  const done = operation === 'CREATE' ? 'created' : 'configured'
  const last = response.allowed
    ? `${type}/${name} ${done} (server dry run)`
    : `Error from server (${response.status?.reason ?? 'Forbidden'}): error when ${operation === 'CREATE' ? 'creating' : 'applying patch to'} "${kind.kind.toLowerCase()}.yaml": admission webhook "${WEBHOOK}" denied the request: ${response.status?.message ?? ''}`
  return { title, lines: [...warnings, last] }
}
