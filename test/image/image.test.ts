import fc from 'fast-check'
import t from 'tap'
import { readImage } from '../../src/image/image.ts'
import { NO_FACTS, type RegistryFacts, type TagFacts, type TagKindName } from '../../src/image/tag-kind.ts'

const DIGEST = `sha256:${'f'.repeat(64)}`
const HOST = 'volatile-registry.console.elementai.com'
const VOLATILE: RegistryFacts = {
  host: HOST,
  buildNumbers: false,
  retention: { defaultHours: 24, suffix: true, maximum: { days: 90, months: 3 } },
}
const FACTS: TagFacts = { ...NO_FACTS, registry: (host) => (host === HOST ? VOLATILE : undefined) }

const cases: [text: string, kind: TagKindName, kept: string | undefined][] = [
  [`${HOST}/team/a`, 'latest', '24 hours'],
  [`${HOST}/team/a:latest-7days`, 'latest', '7 days'],
  [`${HOST}/team/a:1.4-7days`, 'partial', '7 days'],
  [`${HOST}/team/a:1.2.3-3months`, 'version', '3 months'],
  [`${HOST}/team/a:main-7days`, 'floating', '7 days'],
  [`${HOST}/team/a:7days`, 'version', '24 hours'],
  [`${HOST}/team/a:_-7days`, 'version', '7 days'],
  [`${HOST}/team/a:1-7days@${DIGEST}`, 'digest', '7 days'],
  [`${HOST}/team/a@${DIGEST}`, 'digest', undefined],
  ['x:latest-7days', 'latest', undefined],
  ['x:1.2.3-7days', 'version', undefined],
  ['registry.example.com/x:alpine-7days', 'floating', undefined],
  ['Nginx', 'invalid', undefined],
]
for (const [text, kind, kept] of cases) {
  t.test(`${text} is ${kind}, kept ${kept ?? 'for good'}`, async (t) => {
    const image = readImage(text, FACTS)
    t.equal(image.original, text)
    t.equal(image.kind.name, kind)
    t.equal(image.retention?.text, kept)
    t.equal(image.registry, text.startsWith(HOST) ? VOLATILE : undefined)
  })
}

const MOVING: readonly TagKindName[] = ['latest', 'partial', 'floating']
const tagLike = fc
  .array(
    fc.constantFrom(
      ...'latest nightly main stable alpine dev 1 22 2024 01 15 3f2a1bc rc1 x v1 7days r3 cu121 pg'.split(
        ' ',
      ),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .chain((words) =>
    fc
      .array(fc.constantFrom('-', '_', '.', ''), { minLength: 6, maxLength: 6 })
      .map((separators) => words.map((word, index) => word + separators[index]).join('')),
  )

t.test('any text has a kind, a clause that says why, and keeps itself', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    tagLike.map((tag) => `x:${tag}`),
  )
  fc.assert(
    fc.property(text, (text) => {
      const { original, kind, reference } = readImage(text, FACTS)
      return (
        original === text &&
        kind.moving === MOVING.includes(kind.name) &&
        reference.valid === (kind.name !== 'invalid') &&
        /^[a-z]+ /.test(kind.why) &&
        kind.why.length < 400
      )
    }),
    { numRuns: 2000 },
  )
})

t.test('reading leaves nothing behind that changes the next reading', async () => {
  fc.assert(
    fc.property(tagLike, tagLike, (one, other) => {
      const before = JSON.stringify(readImage(`x:${one}`, FACTS))
      readImage(`x:${other}`, FACTS)
      return JSON.stringify(readImage(`x:${one}`, FACTS)) === before
    }),
  )
})

t.test('the case of the letters never makes a moving tag fixed', async () => {
  fc.assert(
    fc.property(tagLike, (tag) => {
      return readImage(`x:${tag}`, FACTS).kind.name === readImage(`x:${tag.toUpperCase()}`, FACTS).kind.name
    }),
  )
})

/** Texts that make backtracking expressions slow; each is repeated up to the length. */
const hostile = [
  '-',
  '1',
  '1.',
  'a',
  'latest-',
  '/',
  'a/',
  'f0',
  '_',
  '.',
  ':',
  '@',
  '{{',
  '${',
  '<',
  ' ',
  'é',
  'a-_.',
  '2024-01-15-',
  '[::',
  'A',
]

/** The fastest of several runs, because other work on the machine only ever adds to the time. */
function fastest(text: string): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 7; run += 1) {
    const start = process.hrtime.bigint()
    readImage(text, FACTS)
    readImage(`x:${text}`, FACTS)
    readImage(`${HOST}/x:1-${text}`, FACTS)
    best = Math.min(best, Number(process.hrtime.bigint() - start))
  }
  return best
}

/** Nanoseconds under which the machine's own noise is larger; quadratic work on 1 MiB would take minutes. */
const NOISE = 20_000_000

t.test('time grows no faster than length', async (t) => {
  for (const unit of hostile) {
    const [small, middle, large] = [262_144, 524_288, 1_048_576].map((size) =>
      fastest(unit.repeat(size / unit.length)),
    ) as [number, number, number]
    // Linear work takes twice as long for twice the length, quadratic work four times as long.
    const message = `${JSON.stringify(unit)} repeated: ${small}, ${middle}, ${large} ns`
    t.ok(middle < Math.max(small * 3, NOISE) && large < Math.max(middle * 3, NOISE), message)
  }
})

t.test('a tag of the greatest legal length has a kind, whatever it is made of', async () => {
  const units = '- 1 1. a latest- f0 _ . 2024-01-15- alpine3.19. v1.x. rc1'.split(' ')
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...units), { minLength: 128, maxLength: 128 }), (parts) => {
      const tag = `a${parts.join('')}`.slice(0, 128)
      return (
        readImage(`x:${tag}`, FACTS).kind.name !== 'invalid' &&
        readImage(`x:${tag}a`, FACTS).kind.name === 'invalid'
      )
    }),
  )
})
