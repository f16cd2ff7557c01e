import t from 'tap'
import { parseReference, type Reference } from '../../src/image/reference.ts'
import { tagFacts } from '../../src/policy/tag-facts.ts'

t.test('registries are found by host, whatever its case', async (t) => {
  const facts = tagFacts(
    [{ host: 'registry.example.com', buildNumbers: true }, { host: 'localhost:5000' }],
    {},
  )
  t.same(facts.registry('registry.example.com'), { host: 'registry.example.com', buildNumbers: true })
  t.same(facts.registry('Registry.Example.com'), { host: 'registry.example.com', buildNumbers: true })
  t.same(facts.registry('localhost:5000'), { host: 'localhost:5000', buildNumbers: false })
  t.same(facts.registry('registry.example.com:443'), { host: 'registry.example.com', buildNumbers: true })
  t.equal(facts.registry('registry.example.com:5000'), undefined)
  t.equal(facts.registry('localhost'), undefined)
  t.equal(facts.registry('constructor'), undefined)
})

t.test('retention, with the bounds that are not written', async (t) => {
  const rows: [
    maximum: { days?: number; months?: number } | undefined,
    expected: { days: number; months: number },
  ][] = [
    [undefined, { days: 90, months: 3 }],
    [{}, { days: 90, months: 3 }],
    [{ days: 30 }, { days: 30, months: 1 }],
    [{ days: 10 }, { days: 10, months: 0 }],
    [{ months: 2 }, { days: 60, months: 2 }],
    [
      { days: 90, months: 2 },
      { days: 90, months: 2 },
    ],
  ]
  for (const [maximum, expected] of rows) {
    const facts = tagFacts(
      [{ host: 'a', retention: { default: '1d12h', suffix: true, ...(maximum && { maximum }) } }],
      {},
    )
    t.same(facts.registry('a')?.retention, { defaultHours: 36, suffix: true, maximum: expected })
  }
  t.equal(
    tagFacts([{ host: 'a', retention: { default: '24h' } }], {}).registry('a')?.retention?.suffix,
    false,
  )
})

t.test('the kinds are asked in order: version, latest, partial, floating', async (t) => {
  const facts = tagFacts([], {
    floating: ['*'],
    partial: ['r*'],
    latest: ['ra*', 'latest'],
    version: ['rab*'],
  })
  const rows: [image: string, kind: string | undefined][] = [
    ['nginx:rab1', 'version'],
    ['nginx:ra1', 'latest'],
    ['nginx:r1', 'partial'],
    ['nginx:1', 'floating'],
    ['nginx', 'latest'],
    [`nginx:rab@sha256:${'0'.repeat(64)}`, undefined],
  ]
  for (const [image, kind] of rows) t.equal(facts.kindByGlob(parseReference(image) as Reference), kind, image)
})
