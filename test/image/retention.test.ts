import fc from 'fast-check'
import t from 'tap'
import { type Retention, type RetentionRule, retentionOf } from '../../src/image/retention.ts'

const RULE: RetentionRule = { defaultHours: 24, suffix: true, maximum: { days: 90, months: 3 } }

const cases: [tag: string, retention: Retention][] = [
  ['latest', { hours: 24, text: '24 hours', tag: 'latest' }],
  ['latest-7days', { hours: 168, text: '7 days', suffix: '-7days', tag: 'latest' }],
  ['1.4-07days', { hours: 168, text: '7 days', suffix: '-07days', tag: '1.4' }],
  ['1.4-1days', { hours: 24, text: '1 day', suffix: '-1days', tag: '1.4' }],
  ['1.4-90days', { hours: 2160, text: '90 days', suffix: '-90days', tag: '1.4' }],
  ['1.4-91days', { hours: 2160, text: '90 days', suffix: '-91days', over: '90 days', tag: '1.4' }],
  ['1.4-3months', { hours: 2160, text: '3 months', suffix: '-3months', tag: '1.4' }],
  ['1.4-4months', { hours: 2160, text: '3 months', suffix: '-4months', over: '3 months', tag: '1.4' }],
  ['a-7days-2months', { hours: 1440, text: '2 months', suffix: '-2months', tag: 'a-7days' }],
  ['_-7days', { hours: 168, text: '7 days', suffix: '-7days', tag: '_' }],
  ['7days', { hours: 24, text: '24 hours', unrecognised: '7days', tag: '7days' }],
  ['a-0days', { hours: 24, text: '24 hours', unrecognised: '-0days', tag: 'a-0days' }],
  ['a-10day', { hours: 24, text: '24 hours', unrecognised: '-10day', tag: 'a-10day' }],
  ['a-2weeks', { hours: 24, text: '24 hours', unrecognised: '-2weeks', tag: 'a-2weeks' }],
  ['a-1month', { hours: 24, text: '24 hours', unrecognised: '-1month', tag: 'a-1month' }],
  ['a-7Days', { hours: 24, text: '24 hours', unrecognised: '-7Days', tag: 'a-7Days' }],
  ['a_7days', { hours: 24, text: '24 hours', unrecognised: '_7days', tag: 'a_7days' }],
  ['a-7-days', { hours: 24, text: '24 hours', unrecognised: '-7-days', tag: 'a-7-days' }],
  ['a-12hours', { hours: 24, text: '24 hours', unrecognised: '-12hours', tag: 'a-12hours' }],
  ['unet-3d', { hours: 24, text: '24 hours', tag: 'unet-3d' }],
  ['a-7days-x', { hours: 24, text: '24 hours', tag: 'a-7days-x' }],
  ['holidays', { hours: 24, text: '24 hours', tag: 'holidays' }],
]
for (const [tag, retention] of cases) {
  t.test(`${tag} is kept ${retention.text}`, async (t) => t.strictSame(retentionOf(tag, RULE), retention))
}

t.test('a registry without suffixes keeps every tag alike', async (t) => {
  t.strictSame(retentionOf('a-7days', { ...RULE, suffix: false }), {
    hours: 24,
    text: '24 hours',
    tag: 'a-7days',
  })
})

const defaults: [hours: number, text: string][] = [
  [1, '1 hour'],
  [24, '24 hours'],
  [36, '36 hours'],
  [48, '2 days'],
  [168, '7 days'],
]
for (const [hours, text] of defaults) {
  t.test(`${hours} hours are said as ${text}`, async (t) =>
    t.equal(retentionOf('a', { ...RULE, defaultHours: hours }).text, text),
  )
}

t.test('no suffix keeps a tag longer than the maximum, and what is cut off is the suffix', async () => {
  const tag = fc.tuple(
    fc.stringMatching(/^[a-z0-9_]{1,5}$/),
    fc.bigInt({ min: 1n, max: 10n ** 30n }),
    fc.constantFrom('days', 'months'),
  )
  fc.assert(
    fc.property(tag, ([base, count, unit]) => {
      const { hours, suffix, tag, over } = retentionOf(`${base}-${count}${unit}`, RULE)
      const within = count <= (unit === 'days' ? 90n : 3n)
      return (
        hours > 0 &&
        hours <= 90 * 24 &&
        tag + suffix === `${base}-${count}${unit}` &&
        within === (over === undefined)
      )
    }),
  )
})
