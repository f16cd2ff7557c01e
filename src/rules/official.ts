import type { Image } from '../image/image.ts'

/** Whether an image is of Docker's official library, in which tags follow conventions of their own. */
export function isOfficial({ reference }: Pick<Image, 'reference'>): boolean {
  return reference.valid && reference.registry === 'docker.io' && reference.repository.startsWith('library/')
}
