import { type Image, readImage } from './image.ts'
import type { TagFacts } from './tag-kind.ts'

/** Reads an image as one policy does. */
export type ImageReader = (text: string) => Image

/**
 * A cluster runs the same few hundred images over and over. An image with its explanation takes about 2 KB, so the
 * remembered ones stay around 2 MB.
 */
const MAX_REMEMBERED = 1024

/** Longer than any legal reference: what is not one is read again each time rather than kept. */
const MAX_REMEMBERED_LENGTH = 512

/** A reader that remembers what it has read; the oldest goes when there are too many. Its answers are those of readImage. */
export function imageReader(facts: TagFacts): ImageReader {
  const remembered = new Map<string, Image>()
  return (text) => {
    const known = remembered.get(text)
    if (known !== undefined) return known
    const image = readImage(text, facts)
    if (text.length > MAX_REMEMBERED_LENGTH) return image
    if (remembered.size >= MAX_REMEMBERED) remembered.delete(remembered.keys().next().value as string)
    remembered.set(text, image)
    return image
  }
}
