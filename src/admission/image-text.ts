import { parseReference } from '../image/reference.ts'
import { plainText } from './plain-text.ts'

/** Room for nearly every legal reference (255 for the name, 128 for the tag), so that only nonsense is cut. */
const MAX_IMAGE = 400

/** What is left of a line for an image when it also says where it is, what is wrong and what to do. */
const MAX_SHORT = 64

/** How much of a digest tells it from others, as `docker images` shows it. */
const SHORT_DIGEST = 12

/** Stands for the parts of a path that are left out. */
const CUT = '.../'

/** An image as written; blanks alone, which nobody would see, in quotes. Plain text of bounded length. */
export function imageText(image: string): string {
  return plainText(isBlank(image) ? `"${image}"` : image, MAX_IMAGE)
}

/** An image by what tells it from its neighbours: without the registry, the end of a long path, the beginning of a digest. */
export function shortImage(image: string): string {
  const reference = image.length > MAX_IMAGE ? undefined : parseReference(image)
  if (!reference?.valid) return plainText(imageText(image), MAX_SHORT)
  const { name, registry, tag, digest } = reference
  const path = name.startsWith(`${registry}/`) ? name.slice(registry.length + 1) : name
  const mark = (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${shortDigest(digest)}`)
  return plainText(endOf(path, MAX_SHORT - mark.length) + mark, MAX_SHORT)
}

/** As many of the last parts of a path as there is room for, at least one. */
function endOf(path: string, room: number): string {
  if (path.length <= room || !path.includes('/')) return path
  let end = path
  do end = end.slice(end.indexOf('/') + 1)
  while (end.includes('/') && CUT.length + end.length > room)
  return CUT + end
}

function isBlank(text: string): boolean {
  return text !== '' && text.trim() === ''
}

function shortDigest(digest: string): string {
  const start = digest.indexOf(':') + 1
  return digest.slice(0, start + SHORT_DIGEST)
}
