import t from 'tap'
import { judge } from '../../src/judge.ts'
import { judgeAhead } from '../../src/preview/judge-ahead.ts'
import { policyOf } from './cluster.ts'
import { pod } from './objects.ts'

const NOW = new Date('2026-11-27T12:00:00Z')
const LATER = { mode: 'enforce', enforceFrom: '2026-12-20' }

/** What is denied of a Pod, and from when, where an exemption covers it. */
function denied(spec: object, expires?: string): string[] {
  const exemption = { name: 'vendor', images: ['nginx'], reason: 'r', ...(expires && { expires }) }
  const policy = policyOf({ ...spec, exemptions: [exemption] })
  const judged = { group: '', kind: 'Pod', object: pod('a', 'nginx'), namespace: { name: 'a', labels: {} } }
  const { findings, exemptions } = judgeAhead((time) => judge(judged, policy, time), NOW)
  return [
    ...findings.map(
      ({ rule, mode, deniedFrom, expired }) => `${rule} ${mode} ${deniedFrom} ${expired?.name}`,
    ),
    ...exemptions.map(({ name }) => `exempt by ${name}`),
  ]
}

const cases: [what: string, spec: object, expires: string | undefined, expected: string[]][] = [
  ['one that does not end', LATER, undefined, ['exempt by vendor']],
  ['one that ends before', LATER, '2026-12-10', ['latestTag warn 2026-12-20 vendor']],
  ['one that ends the day before', LATER, '2026-12-19', ['latestTag warn 2026-12-20 vendor']],
  ['one that ends on that day', LATER, '2026-12-20', ['exempt by vendor']],
  ['one that has ended', LATER, '2026-11-26', ['latestTag warn 2026-12-20 vendor']],
  ['one that ends where it is enforce already', { mode: 'enforce' }, '2026-12-10', ['exempt by vendor']],
  ['one that ends where nothing is denied', { mode: 'warn' }, '2026-12-10', ['exempt by vendor']],
  [
    'one that ends, of a rule that only warns',
    { ...LATER, rules: { latestTag: 'warn' } },
    '2026-12-10',
    ['latestTag warn undefined vendor'],
  ],
]
for (const [what, spec, expires, expected] of cases)
  t.test(what, async (t) => t.strictSame(denied(spec, expires), expected))
