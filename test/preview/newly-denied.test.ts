import t from 'tap'
import type { Finding } from '../../src/judge.ts'
import { denies, newlyDenied } from '../../src/preview/newly-denied.ts'

/** `0 partialTag 2026-12-07`: the container's index, the rule, and the day where it has one. */
function finding(text: string): Finding {
  const [index = '', rule = '', deniedFrom] = text.split(' ')
  return {
    rule: rule as Finding['rule'],
    mode: deniedFrom === undefined ? 'enforce' : 'warn',
    deniedFrom: deniedFrom as Finding['deniedFrom'],
    container: { list: 'containers', name: index, field: `spec.containers[${index}].image`, place: '' },
    image: 'busybox',
    problem: '',
    action: '',
    remedy: () => undefined,
  }
}

function textOf({ container, rule, deniedFrom }: Finding): string {
  return [container.name, rule, deniedFrom].filter((part) => part !== undefined).join(' ')
}

const cases: [what: string, before: string[], after: string[], changed: string[], anew: string[]][] = [
  ['nothing before', [], ['0 latestTag'], ['0 latestTag'], ['0 latestTag']],
  ['nothing after', ['0 latestTag'], [], [], []],
  ['the same', ['0 latestTag'], ['0 latestTag'], [], []],
  ['by another rule', ['0 stalePull'], ['0 partialTag'], [], []],
  [
    'a further container: made as a whole it was denied',
    ['0 latestTag'],
    ['0 latestTag', '1 partialTag'],
    ['1 partialTag'],
    [],
  ],
  [
    'an earlier day',
    ['0 latestTag 2027-01-01'],
    ['0 latestTag 2026-12-07'],
    ['0 latestTag 2026-12-07'],
    ['0 latestTag 2026-12-07'],
  ],
  ['a later day', ['0 latestTag 2026-12-07'], ['0 latestTag 2027-01-01'], [], []],
  ['at once', ['0 latestTag 2026-12-07'], ['0 latestTag'], ['0 latestTag'], ['0 latestTag']],
  ['no more at once', ['0 latestTag'], ['0 latestTag 2026-12-07'], [], []],
  [
    'the earliest day of several counts',
    ['0 latestTag 2027-01-01', '0 digestMissing 2026-12-01'],
    ['0 latestTag 2026-12-07'],
    [],
    [],
  ],
]
for (const [what, before, after, changed, anew] of cases) {
  t.test(what, async (t) => {
    const found = (whole: boolean) => newlyDenied(after.map(finding), before.map(finding), whole).map(textOf)
    t.strictSame(found(false), changed, 'where each container counts')
    t.strictSame(found(true), anew, 'where the object is made as a whole')
  })
}

t.test('what denies, now or one day', async (t) => {
  t.ok(denies(finding('0 latestTag')))
  t.ok(denies(finding('0 latestTag 2026-12-07')))
  t.notOk(denies({ ...finding('0 latestTag'), mode: 'warn' }))
})
