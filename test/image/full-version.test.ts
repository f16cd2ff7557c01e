import t from 'tap'
import { fullVersionOf } from '../../src/image/full-version.ts'
import { partsOf } from '../../src/image/tag-parts.ts'

const cases: [tag: string, full: string | undefined][] = [
  ['1.2.3', '1.2.3'],
  ['v1.2.3-alpine', 'v1.2.3'],
  ['2.440.3-lts', '2.440.3'],
  ['1.2.3.4', '1.2.3.4'],
  ['1.2.3rc1', '1.2.3rc1'],
  ['alpine-v16.8.0', 'v16.8.0'],
  ['load-gen.1.2.1', '1.2.1'],
  ['tool1.2.1', 'tool1.2.1'],
  ['php8.3.1-apache', 'php8.3.1'],
  ['1.25-php8.3.1', 'php8.3.1'],
  ['8u202', '8u202'],
  ['jdk8u402-b06', 'jdk8u402'],
  ['1.2', undefined],
  ['1.2.x', undefined],
  ['1_2_3', undefined],
  ['alpine3.19.1', undefined],
  ['alpine3.19.1.2', undefined],
  ['al2023.3.1', undefined],
  ['15-3.3-alpine', undefined],
  ['9u2', undefined],
]
for (const [tag, full] of cases) {
  t.test(`${tag} holds ${full ?? 'no full version'}`, async (t) => t.equal(fullVersionOf(partsOf(tag)), full))
}
