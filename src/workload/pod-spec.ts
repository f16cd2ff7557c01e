import type { Add } from './containers.ts'
import type { PodSpecPlace } from './kinds.ts'
import { isMap, own, type Place } from './path.ts'
import { malformed, NOT_A_LIST, readContainer, readVolume } from './read-container.ts'
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
  const slot = (list: (typeof CONTAINER_LISTS)[number] | 'volumes') => ({
    list,
    place: `${place.path.text} ${list}`,
    ...around,
  })

  const containers = CONTAINER_LISTS.every((list) => {
    const here = slot(list)
    return everyItem(spec, list, at.path, (item, field) =>
      add(isMap(item) ? readContainer(item, field(), here) : malformed(item, field(), here)),
    )
  })
  if (!containers) return false
  const here = slot('volumes')
  return everyItem(spec, 'volumes', at.path, (item, field) => {
    const volume = isMap(item) ? readVolume(item, field, here) : malformed(item, field(), here)
    return volume === undefined || add(volume)
  })
}

/**
 * Visits each item of a list; a list that is none is visited itself, as what makes no sense. The text of an item's
 * field is made when it is asked for: most volumes have no image.
 */
function everyItem(
  spec: Record<string, unknown>,
  list: string,
  path: string,
  visit: (item: unknown, field: () => string) => boolean,
): boolean {
  const items = own(spec, list)
  if (items === undefined || items === null) return true
  const field = `${path}.${list}`
  if (!Array.isArray(items)) return visit(isMap(items) ? NOT_A_LIST : items, () => field)
  return items.every((item, index) => visit(item, () => `${field}[${index}]`))
}
