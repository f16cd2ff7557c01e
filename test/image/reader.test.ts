import t from 'tap'
import { readImage } from '../../src/image/image.ts'
import { imageReader } from '../../src/image/reader.ts'
import { NO_FACTS } from '../../src/image/tag-kind.ts'
import { TAG_KIND_CASES } from '../fixtures/tag-kinds.ts'

t.test('a reader answers as readImage does, the first time and again', async (t) => {
  const read = imageReader(NO_FACTS)
  for (const round of ['first', 'again']) {
    for (const [reference] of TAG_KIND_CASES) {
      t.same(read(reference), readImage(reference, NO_FACTS), `${round}: ${reference}`)
    }
  }
})

t.test('it remembers an image', async (t) => {
  const read = imageReader(NO_FACTS)
  t.equal(read('nginx:1.27.3'), read('nginx:1.27.3'))
})

t.test('it forgets the oldest of many, and never keeps what is too long to be a reference', async (t) => {
  const read = imageReader(NO_FACTS)
  const first = read('nginx:0.0.0')
  for (let i = 1; i < 1024; i++) read(`nginx:0.0.${i}`)
  t.equal(read('nginx:0.0.0'), first, 'as many as it holds')
  read('nginx:1.0.0')
  t.not(read('nginx:0.0.0'), first, 'one more')
  const long = 'a'.repeat(1_000)
  t.not(read(long), read(long))
})
