import t from 'tap'
import { type RetentionRule, retentionOf } from '../../src/image/retention.ts'
import { mendSuffix } from '../../src/rules/suffix.ts'

const rule: RetentionRule = { defaultHours: 24, suffix: true, maximum: { days: 90, months: 3 } }

for (const [tag, mended] of [
  ['1.4.2', undefined],
  ['1.4.2-7days', undefined],
  ['1.4.2-120days', '1.4.2-90days'],
  ['1.4.2-6months', '1.4.2-3months'],
  ['1.4.2-10day', '1.4.2-10days'],
  ['1.4.2-2weeks', '1.4.2-14days'],
  ['1.4.2-1month', '1.4.2-1months'],
  ['1.4.2-52weeks', '1.4.2-90days'],
] as const) {
  t.test(`${tag} becomes ${mended ?? 'nothing else'}`, async (t) =>
    t.equal(mendSuffix(retentionOf(tag, rule), rule), mended),
  )
}

t.test('a mended suffix is one that the registry honours', async (t) => {
  for (const tag of [
    'a-120days',
    'a-6months',
    'a-10day',
    'a-2weeks',
    'a-1month',
    'a-1year',
    'a-48h',
    'a-36hours',
  ]) {
    const mended = mendSuffix(retentionOf(tag, rule), rule)
    if (mended === undefined) continue
    const again = retentionOf(mended, rule)
    t.ok(again.suffix, tag)
    t.equal(again.over, undefined, tag)
  }
})
