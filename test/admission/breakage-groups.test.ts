import t from 'tap'
import { breakageGroups } from '../../src/admission/breakage-groups.ts'
import type { Breakage } from '../../src/preview/preview.ts'
import { breakage } from './previews.ts'

const group = (breakages: readonly Breakage[]) =>
  breakageGroups({ breakages }).map(
    ({ trigger, rule, deniedFrom, breakages }) =>
      `${trigger} ${rule}${deniedFrom ? ` ${deniedFrom}` : ''}: ${breakages.map(({ workload }) => workload.name).join(' ')}`,
  )

const cases: [what: string, breakages: Breakage[], groups: string[]][] = [
  ['nothing', [], []],
  [
    'what breaks by itself first, however few',
    [
      breakage('change', 'Deployment/a in x', 'a', ['latestTag']),
      breakage('change', 'Deployment/b in x', 'a', ['latestTag']),
      breakage('next', 'Job/c in x', 'a', ['latestTag']),
      breakage('itself', 'Deployment/d in x', 'a', ['latestTag']),
    ],
    ['itself latestTag: d', 'next latestTag: c', 'change latestTag: a b'],
  ],
  [
    'the most frequent reason first',
    [
      breakage('next', 'Job/a in x', 'a', ['latestTag']),
      breakage('next', 'Job/b in x', 'a:1', ['partialTag']),
      breakage('next', 'Job/c in x', 'a:2', ['partialTag']),
    ],
    ['next partialTag: b c', 'next latestTag: a'],
  ],
  [
    'of several reasons of a workload the one that most have',
    [
      breakage('next', 'Job/a in x', 'a', ['expiringImage', 'latestTag']),
      breakage('next', 'Job/b in x', 'a', ['latestTag']),
    ],
    ['next latestTag: a b'],
  ],
  [
    'each day by itself',
    [
      breakage('next', 'Job/a in x', 'a', ['latestTag'], { deniedFrom: '2026-12-07' }),
      breakage('next', 'Job/b in y', 'a', ['latestTag']),
    ],
    ['next latestTag 2026-12-07: a', 'next latestTag: b'],
  ],
]
for (const [what, breakages, groups] of cases) t.test(what, async (t) => t.same(group(breakages), groups))
