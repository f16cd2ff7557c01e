import type { Container, ContainerList } from '../workload/container.ts'
import { imageText } from './image-text.ts'
import { plainText } from './plain-text.ts'

const NOUNS: Readonly<Record<ContainerList, string>> = {
  containers: 'container',
  initContainers: 'init container',
  ephemeralContainers: 'ephemeral container',
  volumes: 'image volume',
  image: 'image',
}

/** A container's name has at most 63 characters where it is legal. */
const MAX_NAME = 63

/** A path into an object is of that order; a key of a map in it may be of any length. */
const MAX_FIELD = 160

/** Where a finding is: `init container "fetch"`, `container "pytorch" of Worker`; by its path where nothing names it. Plain text. */
export function containerPhrase({ list, name, group, field }: Container): string {
  const noun = NOUNS[list]
  if (name === '' && !group) return `${noun} at ${fieldText(field)}`
  const named = name === '' ? noun : `${noun} "${plainText(name, MAX_NAME)}"`
  return group ? `${named} of ${plainText(group, MAX_NAME)}` : named
}

/** Several of them, the first `shown` by name: `container "a", container "b" and 3 more`. */
export function containersPhrase(containers: readonly Container[], shown: number): string {
  const phrases = containers.slice(0, shown).map(containerPhrase)
  const more = containers.length - phrases.length
  if (more > 0) phrases.push(`${more} more`)
  const last = phrases.pop() ?? ''
  return phrases.length === 0 ? last : `${phrases.join(', ')} and ${last}`
}

/** What a clause about a finding is about: the image as written, or the place of what makes no sense. Plain text. */
export function subjectText({
  image,
  container,
}: {
  image: string
  container: Pick<Container, 'field'>
}): string {
  return image === '' ? fieldText(container.field) : imageText(image)
}

/** The path of a finding's field, as plain text of bounded length. */
export function fieldText(field: string): string {
  return plainText(field, MAX_FIELD)
}
