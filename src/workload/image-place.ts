import type { Add } from './container.ts'
import type { ImagePlace } from './kinds.ts'
import { lookUp, own, type Place } from './path.ts'
import { nameOf, readFields } from './read-container.ts'
import { surroundings } from './surroundings.ts'

/** Adds the container, or the bare image field, whose image stands at a place. @returns false where adding came to its end */
export function addImage(object: unknown, place: ImagePlace, at: Place, add: Add): boolean {
  const list = place.list ?? 'image'
  const parent = { text: '', steps: place.image.steps.slice(0, -1) }
  return add(
    readFields(
      { list, place: `${place.image.text} ${list}`, ...surroundings(object, place, at.taken) },
      nameOf(own(lookUp(object, parent, at.taken), 'name')),
      { value: at.value, field: at.path },
      {
        value: place.pullPolicy && lookUp(object, place.pullPolicy, at.taken),
        // Read only where it makes no sense: the path with its wildcards is near enough.
        field: place.pullPolicy?.text ?? at.path,
        name: place.pullPolicyField,
      },
    ),
  )
}
