import t from 'tap'
import { type Changing, changeWarnings } from '../../src/admission/change-warnings.ts'
import type { Change, Place } from '../../src/admission/cluster-view.ts'
import { ANSWER_ROOM } from '../../src/admission/warning-lines.ts'
import { clusterRegime } from '../../src/policy/regime.ts'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'
import { breakage, preview } from './previews.ts'
import { request } from './samples.ts'
import { type Specs, setOf, view } from './views.ts'

const NOW = new Date('2026-11-23T12:00:00Z')

function changing(before: Specs, after: Specs, namespaces: readonly string[]): Changing {
  const [policiesBefore, policiesAfter] = [setOf(before), setOf(after)]
  return {
    subject: 'TagPolicy/default',
    single: false,
    command: 'tallyman preview -A --policy FILE',
    user: request().userInfo,
    regimes: {
      before: clusterRegime(policiesBefore, new Map()),
      after: clusterRegime(policiesAfter, new Map()),
      policiesBefore,
      policiesAfter,
    },
    namespaces,
  }
}

const team = { default: { namespaceModes: [{ namespaces: ['team-*'], mode: 'enforce' }] } }
const all = { default: { mode: 'enforce' } }
const NAMESPACES = ['team-a', 'lab', '']

const asked: [
  what: string,
  after: Specs,
  namespaces: readonly string[],
  looked: string[] | 'all' | 'nothing',
][] = [
  ['denies no more', {}, NAMESPACES, 'nothing'],
  ['denies more in some namespaces', team, NAMESPACES, ['team-a']],
  ['denies more everywhere', all, NAMESPACES, 'all'],
  ['denies more in the one namespace that it is about', all, ['team-a'], ['team-a']],
  ['denies more outside of namespaces', all, [''], 'all'],
]
for (const [what, after, namespaces, looked] of asked)
  t.test(`what ${what} is looked at ${looked === 'all' ? 'everywhere' : `in ${looked}`}`, async (t) => {
    const changes: Change[] = []
    const cluster = view(
      {},
      {},
      {
        preview: async (change) => {
          changes.push(change)
          return preview([])
        },
      },
    )
    const lines = await changeWarnings(changing({}, after, namespaces), cluster, NOW, ANSWER_ROOM)
    t.equal(lines.length, looked === 'nothing' ? 0 : 1)
    t.same(
      changes.map(({ namespaces, now }) => [namespaces ?? 'all', now]),
      looked === 'nothing' ? [] : [[looked, NOW]],
    )
    const [change] = changes
    if (change === undefined) return
    t.equal(change.before('team-a').policy.mode, 'warn')
    t.equal(change.after('team-a').policy.name, 'default')
  })

t.test('without a preview it is said where to get one', async (t) => {
  const said = (change: Partial<Changing>) =>
    changeWarnings({ ...changing({}, all, NAMESPACES), ...change }, view(), NOW, ANSWER_ROOM)
  t.same(await said({}), [
    'TagPolicy/default: more may be denied in 2 namespaces; tallyman preview -A --policy FILE says what',
  ])
  t.same(await said({ namespaces: [''] }), [
    'TagPolicy/default: more may be denied outside of namespaces; tallyman preview -A --policy FILE says what',
  ])
  t.same(
    await said({ subject: 'Namespace/a', single: true, command: 'tallyman preview a', namespaces: ['a'] }),
    ['Namespace/a: more may be denied here; tallyman preview a says what'],
  )
})

t.test('names are told of what the user may list, and it is asked but a few times', async (t) => {
  const places: Place[] = []
  const breakages = Array.from({ length: 100 }, (_, index) =>
    breakage(
      'next',
      `Job/j${index} in team-${index % 50}`,
      'app',
      index < 90 ? ['latestTag'] : ['floatingTag'],
    ),
  )
  const cluster = view(
    {},
    {},
    {
      preview: async () => preview(breakages),
      mayList: async (user, place) => {
        t.equal(user.username, request().userInfo.username)
        places.push(place)
        return place.namespace === 'team-1'
      },
    },
  )
  const [, ...details] = await changeWarnings(changing({}, all, NAMESPACES), cluster, NOW, ANSWER_ROOM)
  t.same(details, [
    'TagPolicy/default: 90 at their next run or release [latestTag]: Job/j1 in team-1 (app) and 89 more',
    'TagPolicy/default: 10 at their next run or release [floatingTag]',
  ])
  t.ok(places.length > 1 && places.length <= 12, `${places.length}`)
  t.equal(new Set(places.map(({ namespace }) => namespace)).size, places.length, 'each place once')
})

t.test('however many reasons and places there are', async (t) => {
  const breakages = RULE_IDS.flatMap((rule) =>
    [1, 2, 3, 4].map((index) => breakage('next', `Job/a in ${rule}-${index}`, 'app', [rule])),
  )
  let asked = 0
  const mayList = async () => {
    asked += 1
    return true
  }
  const cluster = view({}, {}, { preview: async () => preview(breakages), mayList })
  await changeWarnings(changing({}, all, NAMESPACES), cluster, NOW, ANSWER_ROOM)
  t.equal(asked, 12)
})

t.test('of a kind that no policy knows no name is told', async (t) => {
  const odd = breakage('next', 'Pipeline/p in team-a', 'app', ['latestTag'])
  const unknown = { ...odd, workload: { ...odd.workload, resource: '' } }
  const cluster = view({}, {}, { preview: async () => preview([unknown]), mayList: async () => true })
  const [line] = await changeWarnings(changing({}, all, NAMESPACES), cluster, NOW, ANSWER_ROOM)
  t.match(line, /\[latestTag\]$/)
})
