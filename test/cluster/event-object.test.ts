import t from 'tap'
import type { OwnerEvent } from '../../src/admission/owner-event.ts'
import { eventName, eventObject, eventSeries, eventsPath } from '../../src/cluster/event-object.ts'
import { said } from './owner-events.ts'

const AT = new Date('2026-11-23T12:59:59.999Z')
const SOON = new Date('2026-11-23T12:00:00Z')

t.test('an Event of a denial', async (t) =>
  t.strictSame(eventObject(said(), 'tallyman.1', { first: SOON, last: AT, count: 1 }, 'tallyman-7c-x2'), {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'tallyman.1', namespace: 'team-a' },
    regarding: {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      namespace: 'team-a',
      name: 'web-5d4',
      uid: 'u1',
    },
    type: 'Warning',
    reason: 'ImageTagDenied',
    action: 'Deny',
    note: 'Pod "web-5d4-...": container "web" uses nginx:latest',
    eventTime: '2026-11-23T12:00:00.000000Z',
    reportingController: 'tallyman',
    reportingInstance: 'tallyman-7c-x2',
  }),
)

t.test('an Event of a finding that was seen more than once', async (t) =>
  t.match(eventObject(said({ reason: 'ImageTagFinding' }), 'a', { first: SOON, last: AT, count: 3 }, 'i'), {
    action: 'Admit',
    series: { count: 3, lastObservedTime: '2026-11-23T12:59:59.999000Z' },
  }),
)

t.test('once is no series', async (t) => t.strictSame(eventSeries({ last: AT, count: 1 }), {}))

t.test('the path of a namespace', async (t) =>
  t.equal(eventsPath('team-a'), '/apis/events.k8s.io/v1/namespaces/team-a/events'),
)

const { owner } = said()
const names: [what: string, same: boolean, other: OwnerEvent, at: Date][] = [
  ['another object of which the same is said', true, said({ note: 'Pod "web-5d4-b": …' }), AT],
  ['the beginning of the hour', true, said(), SOON],
  ['the next hour', false, said(), new Date('2026-11-23T13:00:00Z')],
  ['another owner of that name', false, said({ owner: { ...owner, uid: 'u2' } }), AT],
  ['another reason', false, said({ reason: 'ImageTagFinding' }), AT],
  ['another topic', false, said({ topic: 'Pod: container "web" uses nginx:1' }), AT],
]
for (const [what, same, other, at] of names)
  t.test(`${what}: ${same ? 'the same Event' : 'an Event of its own'}`, async (t) => {
    const name = eventName(said(), AT)
    t.match(name, /^tallyman\.[0-9a-f]{32}$/)
    t.equal(eventName(other, at) === name, same)
  })
