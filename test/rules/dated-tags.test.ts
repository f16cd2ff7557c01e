import t from 'tap'
import { readImage } from '../../src/image/image.ts'
import { NO_FACTS } from '../../src/image/tag-kind.ts'
import { datedExample, datedTag } from '../../src/rules/dated-tags.ts'

const cases: [image: string, dated: string | undefined, example: string | undefined][] = [
  ['ubuntu', '<codename>-<date>', 'jammy-20240808'],
  ['ubuntu:22.04', '<codename>-<date>', 'jammy-20240808'],
  ['docker.io/library/ubuntu:jammy', 'jammy-<date>', 'jammy-20240808'],
  ['mirror.example.com/library/debian:12-slim', '<codename>-<date>-slim', 'bookworm-20240812'],
  ['debian:stable-slim', '<codename>-<date>-slim', 'bookworm-20240812'],
  ['debian:bookworm-slim', 'bookworm-<date>-slim', 'bookworm-20240812'],
  ['ubuntu:jammy-20240808', undefined, 'jammy-20240808'],
  ['team/ubuntu:22.04', undefined, undefined],
  ['python:3.12', undefined, undefined],
]
for (const [image, dated, example] of cases) {
  t.test(`${image} ${dated === undefined ? 'has no dated tag' : `becomes ${dated}`}`, async (t) => {
    const { reference, kind } = readImage(image, NO_FACTS)
    if (!reference.valid) throw new Error(image)
    t.equal(datedTag(reference, kind, reference.tag), dated)
    t.equal(datedExample(reference), example)
  })
}

t.test('the examples do not move', async (t) => {
  for (const name of ['debian', 'ubuntu']) {
    const example = datedExample({ repository: `library/${name}` })
    t.equal(readImage(`${name}:${example}`, NO_FACTS).kind.name, 'version')
  }
})
