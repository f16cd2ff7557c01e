import { containersOf } from '../workload/containers.ts'
import type { KindsTable } from '../workload/kinds.ts'
import { objectMeta } from '../workload/object-meta.ts'
import { holdsHelm } from './helm.ts'
import { groupOf } from './lint-finding.ts'
import type { Manifest } from './manifests.ts'

/**
 * The field of an object that only Helm fills in, of those that say what is judged: its kind, its name, an image.
 * What else it holds may speak of Helm, as a ConfigMap with a template does. Undefined: none.
 */
export function awaitsHelm({ apiVersion, kind, object }: Manifest, kinds: KindsTable): string | undefined {
  const { name = '' } = objectMeta(object)
  const named = Object.entries({ apiVersion, kind, 'metadata.name': name })
  const [field] = named.find(([, text]) => holdsHelm(text)) ?? []
  if (field !== undefined) return field
  const row = kinds.find(groupOf(apiVersion), kind)
  if (row === undefined) return undefined
  return containersOf(row, object).find(({ image = '' }) => holdsHelm(image))?.field
}
