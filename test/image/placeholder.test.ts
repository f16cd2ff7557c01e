import t from 'tap'
import { isPlaceholderTag, placeholderIn } from '../../src/image/placeholder.ts'

const tags: [tag: string, placeholder: boolean][] = [
  ['IMAGE_TAG', true],
  ['__VERSION__', true],
  ['YOUR_TAG_HERE', true],
  ['changeme', true],
  ['change-me', true],
  ['BLUE', false],
  ['IMAGE', false],
  ['release', false],
  ['the-new-version', false],
  ['V1', false],
  ['TAG1', false],
  ['', false],
]
for (const [tag, placeholder] of tags)
  t.test(`the tag ${tag} is ${placeholder ? 'a' : 'no'} placeholder`, async (t) =>
    t.equal(isPlaceholderTag(tag), placeholder),
  )

const names: [name: string, part: string | undefined][] = [
  ['IMAGE_TAG', 'IMAGE_TAG'],
  ['YOUR_IMAGE', 'YOUR_IMAGE'],
  ['team/MY_APP', 'MY_APP'],
  ['REGISTRY/REPO', 'REGISTRY'],
  ['your-image', 'your-image'],
  ['placeholder', 'placeholder'],
  ['NGINX', undefined],
  ['APP', undefined],
  ['Image', undefined],
  ['my-image', undefined],
  ['your-team', undefined],
  ['docker', undefined],
  ['', undefined],
]
for (const [name, part] of names)
  t.test(`of ${name}, ${part ?? 'nothing'} is a placeholder`, async (t) => t.equal(placeholderIn(name), part))
