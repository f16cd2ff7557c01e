import fc from 'fast-check'
import t from 'tap'
import { refusalOf } from '../../src/admission/policy-refusal.ts'

const END =
  'What was in force before still is. Try again without changing anything: kubectl apply --dry-run=server -f FILE'
const mistakes = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ field: `spec.rules.r${index}`, message: 'unknown rule' }))

t.test('one mistake', async (t) =>
  t.strictSame(refusalOf('default', [{ field: 'spec.mode', message: 'there is no "enforc"' }]), {
    code: 422,
    reason: 'Invalid',
    message: `TagPolicy "default": spec.mode: there is no "enforc"\n${END}`,
    details: {
      group: 'tallyman.dev',
      kind: 'TagPolicy',
      name: 'default',
      causes: [{ reason: 'FieldValueInvalid', field: 'spec.mode', message: 'there is no "enforc"' }],
    },
  }),
)

t.test('several: the first line does alone', async (t) =>
  t.equal(
    refusalOf('lab', mistakes(3)).message,
    [
      'TagPolicy "lab": spec.rules.r0: unknown rule (and 2 more mistakes)',
      '- spec.rules.r0: unknown rule',
      '- spec.rules.r1: unknown rule',
      '- spec.rules.r2: unknown rule',
      END,
    ].join('\n'),
  ),
)

t.test('many are counted', async (t) => {
  const { message, details } = refusalOf('lab', mistakes(12))
  t.match(message, /^.*\(and 11 more mistakes\)\n(- .*\n){10}\.\.\. and 2 more mistakes\n/)
  t.equal(details.causes.length, 12)
})

t.test('more than are looked for', async (t) => {
  const { message, details } = refusalOf('lab', [
    ...mistakes(100),
    { field: '', message: 'and 23 more mistakes' },
  ])
  t.match(
    message,
    /^.*\(and more than 99 more mistakes\)\n(- .*\n){10}\.\.\. and more than 90 more mistakes\n/,
  )
  t.equal(details.causes.length, 101)
  t.strictSame(details.causes.at(-1), {
    reason: 'FieldValueInvalid',
    field: 'spec',
    message: 'and 23 more mistakes',
  })
})

t.test('whatever the mistakes hold, it is bounded, and each is one line', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a\n- b', 'x'.repeat(100_000)))
  fc.assert(
    fc.property(
      text,
      fc.array(fc.record({ field: text, message: text }), { maxLength: 200 }),
      (name, problems) => {
        const { message, details } = refusalOf(name, problems)
        const rows = problems.length > 1 ? Math.min(problems.length, 10) : 0
        return (
          message.split('\n').length === 2 + rows + (problems.length > 10 ? 1 : 0) &&
          JSON.stringify(details).length < 200_000 &&
          // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none
          !/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/.test(message)
        )
      },
    ),
  )
})
