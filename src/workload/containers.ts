import type { Add, Container, ContainerList } from './container.ts'
import { addImage } from './image-place.ts'
import type { WorkloadKind } from './kinds.ts'
import { isMap, MAX_ITEMS, type Misfit, walk } from './path.ts'
import { addPodSpec } from './pod-spec.ts'
import { malformed } from './read-container.ts'
import { holdsPlaceholder } from './substitution.ts'

/**
 * The most containers that are read of one object. etcd takes 1.5 MiB, and a container takes 25 bytes with a one-letter
 * name and image (`{"name":"a","image":"b"},`): a real object has at most 63,000. Somebody who posts 24 MiB of `0,` to
 * the webhook is not stored anyway; the bound keeps the memory of that in proportion. It is no silent pass: what exceeds
 * it is malformed.
 */
export const MAX_CONTAINERS = 65_536

/**
 * The containers of an object: those in pod specs, then single ones, in the order of the kinds table and of the object.
 * Never throws, whatever the object looks like.
 * Containers whose image is a placeholder of the kind's substitution syntax are left out.
 */
export function containersOf(kind: WorkloadKind, object: unknown): Container[] {
  if (object === undefined || object === null) return []
  const found: Container[] = []

  const add: Add = (container) => {
    if (holdsPlaceholder(kind.substitution, container)) return true
    if (found.length < MAX_CONTAINERS) return found.push(container) > 0
    const { list, field, place } = container
    found.push({ list, name: '', malformed: `more than ${MAX_CONTAINERS} containers`, field, place })
    return false
  }

  // Many paths of a kind may stumble over the same thing (`spec: text`): it is said once.
  let misfits: Set<string> | undefined
  const addMisfit = (
    { value, belongs, path, tooMany }: Misfit,
    list: ContainerList,
    place: string,
  ): boolean => {
    if (misfits?.has(path)) return true
    misfits ??= new Set()
    misfits.add(path)
    const said = malformed(value, belongs, path, { list, place })
    return add(tooMany ? { ...said, malformed: `more than ${MAX_ITEMS} items` } : said)
  }

  for (const place of kind.podSpecs) {
    const text = `${place.path.text} containers`
    const went = walk(object, place.path, {
      place: (at) =>
        isMap(at.value)
          ? addPodSpec(object, place, at, at.value, add)
          : addMisfit({ ...at, belongs: 'fields' }, 'containers', text),
      misfit: (misfit) => addMisfit(misfit, 'containers', text),
    })
    if (!went) return found
  }
  for (const place of kind.images) {
    const list = place.list ?? 'image'
    const went = walk(object, place.image, {
      place: (at) => addImage(object, place, at, add),
      misfit: (misfit) => addMisfit(misfit, list, `${place.image.text} ${list}`),
    })
    if (!went) return found
  }
  return found
}
