import fc from 'fast-check'
import t from 'tap'
import { imageText, shortImage } from '../../src/admission/image-text.ts'

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
const long = 'department/of/a/team/with/a/very/long/name/and/then/more/of/it/image'

const cases: [image: string, short: string][] = [
  ['nginx', 'nginx'],
  ['nginx:1.27', 'nginx:1.27'],
  ['registry.example.com/vision/resnet:latest', 'vision/resnet:latest'],
  ['localhost:5000/foo', 'foo'],
  [`registry.example.com/a@${digest}`, 'a@sha256:0123456789ab'],
  [`a:1@${digest}`, 'a:1@sha256:0123456789ab'],
  [`registry.example.com/${long}:1.2.3`, '.../a/team/with/a/very/long/name/and/then/more/of/it/image:1.2.3'],
  ['Nginx:1', 'Nginx:1'],
  ['a\nb', 'a\\u{a}b'],
  ['', ''],
  [' ', '" "'],
]

for (const [image, short] of cases) {
  t.test(`${JSON.stringify(image)} in short`, async (t) => t.equal(shortImage(image), short))
}

t.test('whatever the image is, both texts are one plain line within their bounds', async () => {
  const images = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('a', '/', ':', '.', '@', '-', '1'), maxLength: 600 }),
  )
  fc.assert(
    fc.property(images, (image) => {
      const [long, short] = [imageText(image), shortImage(image)]
      return /^[\x20-\x7e]*$/.test(long + short) && long.length <= 400 && short.length <= 64
    }),
  )
})
