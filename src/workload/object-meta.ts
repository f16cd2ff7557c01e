/** The owner reference with `controller: true` (meta/v1 OwnerReference). */
export interface ControllerReference {
  readonly apiVersion: string
  readonly group: string
  readonly kind: string
  readonly name: string
  /** Empty where it is missing, which no API server lets through. */
  readonly uid: string
}

/** The part of an object's metadata (meta/v1 ObjectMeta) that is read. */
export interface ObjectMeta {
  readonly name?: string
  readonly generateName?: string
  /** The API server allows one. */
  readonly controller?: ControllerReference
  readonly namespace?: string
  label(key: string): string | undefined
  hasAnnotation(key: string): boolean
}

/** Reads the metadata of an object of unknown shape. Never throws; what makes no sense is absent. */
export function objectMeta(object: unknown): ObjectMeta {
  const metadata = own(object, 'metadata')
  const annotations = own(metadata, 'annotations')
  return {
    name: text(own(metadata, 'name')),
    namespace: text(own(metadata, 'namespace')),
    generateName: text(own(metadata, 'generateName')),
    controller: controllerOf(own(metadata, 'ownerReferences')),
    label: (key) => text(own(own(metadata, 'labels'), key)),
    hasAnnotation: (key) => own(annotations, key) !== undefined,
  }
}

function controllerOf(references: unknown): ControllerReference | undefined {
  if (!Array.isArray(references)) return undefined
  const reference = references.find((candidate) => own(candidate, 'controller') === true)
  const apiVersion = text(own(reference, 'apiVersion'))
  const kind = text(own(reference, 'kind'))
  if (apiVersion === undefined || kind === undefined) return undefined
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  const name = text(own(reference, 'name')) ?? ''
  return { apiVersion, group, kind, name, uid: text(own(reference, 'uid')) ?? '' }
}

/** A property of the value itself, so that `constructor` and its like are never found. */
function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key]
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
