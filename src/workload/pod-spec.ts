import type { Add, ContainerList } from './container.ts'
import type { PodSpecPlace } from './kinds.ts'
import { isMap, own, type Place } from './path.ts'
import { malformed, readContainer, readVolume, type Slot } from './read-container.ts'
import { surroundings } from './surroundings.ts'

/** The lists of a pod spec that hold containers, in the order in which they are reported. */
const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const

/**
 * Adds the containers and image volumes of a pod spec, or of what has only some of its lists.
 * @param object the whole object, in which the place's group and deadline are looked up
 * @returns false where adding came to its end
 */
export function addPodSpec(
  object: unknown,
  place: PodSpecPlace,
  at: Place,
  spec: Record<string, unknown>,
  add: Add,
): boolean {
  const around = surroundings(object, place, at.taken, own(spec, 'activeDeadlineSeconds'))
  const slot = (list: ContainerList): Slot => ({
    list,
    place: `${place.path.text} ${list}`,
    group: around.group,
    deadlineSeconds: around.deadlineSeconds,
  })
  for (const list of CONTAINER_LISTS) {
    const items = own(spec, list)
    if (items === undefined || items === null) continue
    const here = slot(list)
    const path = `${at.path}.${list}`
    const added = Array.isArray(items)
      ? everyItem(items, path, (item, field) =>
          add(
            isMap(item) ? readContainer(item, field(), here) : malformed(item, 'a container', field(), here),
          ),
        )
      : add(malformed(items, 'a list', path, here))
    if (!added) return false
  }
  const volumes = own(spec, 'volumes')
  if (volumes === undefined || volumes === null) return true
  const here = slot('volumes')
  const path = `${at.path}.volumes`
  if (!Array.isArray(volumes)) return add(malformed(volumes, 'a list', path, here))
  return everyItem(volumes, path, (item, field) => {
    const volume = isMap(item) ? readVolume(item, field, here) : malformed(item, 'a volume', field(), here)
    return volume === undefined || add(volume)
  })
}

/** Visits each item of a list. The text of an item's field is made when it is asked for: most volumes have no image. */
function everyItem(
  items: readonly unknown[],
  field: string,
  visit: (item: unknown, field: () => string) => boolean,
): boolean {
  let at = 0
  const itemField = () => `${field}[${at}]`
  for (; at < items.length; at++) if (!visit(items[at], itemField)) return false
  return true
}
