/** Objects as an API server lists them, for previews. */

export const DIGEST = `sha256:${'a'.repeat(64)}`
export const OTHER_DIGEST = `sha256:${'b'.repeat(64)}`

export interface Meta {
  readonly namespace?: string
  readonly owner?: { readonly apiVersion: string; readonly kind: string; readonly name: string }
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  /** The imageID of the one container. */
  readonly imageID?: string
}

export function podSpec(image: string, pullPolicy?: string): object {
  return { containers: [{ name: 'main', image, ...(pullPolicy && { imagePullPolicy: pullPolicy }) }] }
}

function metadata(name: string, { namespace = 'team-a', owner, labels, annotations }: Meta): object {
  const ownerReferences = owner && [{ ...owner, controller: true }]
  return { name, namespace, labels, annotations, ...(ownerReferences && { ownerReferences }) }
}

export function pod(name: string, image: string, meta: Meta = {}): object {
  const { imageID } = meta
  return {
    metadata: metadata(name, meta),
    spec: podSpec(image),
    ...(imageID !== undefined && { status: { containerStatuses: [{ name: 'main', image, imageID }] } }),
  }
}

/** A Deployment, a StatefulSet or a Job: a template in its spec. */
export function templated(name: string, image: string, meta: Meta = {}): object {
  return { metadata: metadata(name, meta), spec: { template: { spec: podSpec(image) } } }
}

export function cronJob(name: string, image: string, meta: Meta = {}): object {
  return {
    metadata: metadata(name, meta),
    spec: { jobTemplate: { spec: { template: { spec: podSpec(image) } } } },
  }
}

/** A Pod of a Deployment, as the controllers make it. */
export function podOfDeployment(deployment: string, image: string, imageID?: string, index = 0): object {
  const hash = '5d4f8c7b9'
  return pod(`${deployment}-${hash}-${index}`, image, {
    owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${deployment}-${hash}` },
    labels: { 'pod-template-hash': hash },
    imageID,
  })
}
