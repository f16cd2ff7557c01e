import t from 'tap'
import type { Mode } from '../../src/policy/mode.ts'
import type { RuleId } from '../../src/policy/rule-modes.ts'
import { joinTagAndPull } from '../../src/rules/tag-and-pull.ts'
import type { Violated } from '../../src/rules/violations.ts'

function violated(rule: RuleId, mode: Mode): Violated {
  const joined = rule === 'stalePull' ? 'but it is stale' : undefined
  return { rule, mode, problem: rule, action: 'do something', joined }
}

const cases: readonly (readonly [
  title: string,
  given: readonly [RuleId, Mode][],
  told: readonly [RuleId, string][],
])[] = [
  [
    'the tag rule on a tie',
    [
      ['partialTag', 'warn'],
      ['stalePull', 'warn'],
    ],
    [['partialTag', 'partialTag, but it is stale']],
  ],
  [
    'the stricter tag rule',
    [
      ['latestTag', 'enforce'],
      ['stalePull', 'warn'],
    ],
    [['latestTag', 'latestTag, but it is stale']],
  ],
  [
    'the stricter stalePull',
    [
      ['floatingTag', 'audit'],
      ['stalePull', 'enforce'],
    ],
    [['stalePull', 'floatingTag, but it is stale']],
  ],
  ['one of the two alone', [['stalePull', 'warn']], [['stalePull', 'stalePull']]],
  [
    'and leaves others as they are',
    [
      ['latestTag', 'enforce'],
      ['stalePull', 'warn'],
      ['expiringImage', 'warn'],
    ],
    [
      ['latestTag', 'latestTag, but it is stale'],
      ['expiringImage', 'expiringImage'],
    ],
  ],
]
for (const [title, given, told] of cases) {
  t.test(`reports ${title}`, async (t) => {
    t.same(
      joinTagAndPull(given.map(([rule, mode]) => violated(rule, mode))).map(({ rule, problem }) => [
        rule,
        problem,
      ]),
      told,
    )
  })
}
