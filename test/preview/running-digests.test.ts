import t from 'tap'
import { byFrequency, runningContainers, runningDigest } from '../../src/preview/running-digests.ts'
import { DIGEST, OTHER_DIGEST, pod } from './objects.ts'

const cases: [imageID: unknown, digest: string | undefined, why: string][] = [
  [`docker.io/library/busybox@${DIGEST}`, DIGEST, 'containerd'],
  [`docker-pullable://busybox@${DIGEST}`, DIGEST, 'dockershim'],
  [`localhost:5000/team/app@${DIGEST}`, DIGEST, 'a registry with a port'],
  [DIGEST, undefined, 'the id of the image on its node'],
  ['', undefined, 'a container that has not started'],
  [`busybox@${DIGEST.slice(0, -1)}`, undefined, 'too short'],
  [`busybox@${DIGEST}x`, undefined, 'too long'],
  [7, undefined, 'no text'],
]
for (const [imageID, digest, why] of cases) t.test(why, async (t) => t.equal(runningDigest(imageID), digest))

const CONTAINERS = [{ name: 'main', image: 'busybox' }]
const STATUSES = [{ name: 'main', image: 'docker.io/library/busybox:latest', imageID: `busybox@${DIGEST}` }]

t.test('beside the image of the spec, which the runtime may write otherwise', async (t) => {
  t.strictSame(
    runningContainers({ spec: { containers: CONTAINERS }, status: { containerStatuses: STATUSES } }),
    [{ name: 'main', image: 'busybox', digest: DIGEST }],
  )
})

t.test('init containers too', async (t) => {
  const found = runningContainers({
    spec: { containers: CONTAINERS, initContainers: [{ name: 'fetch', image: 'alpine' }] },
    status: {
      containerStatuses: STATUSES,
      initContainerStatuses: [{ name: 'fetch', imageID: `alpine@${OTHER_DIGEST}` }],
    },
  })
  t.strictSame(
    found.map(({ name, digest }) => [name, digest]),
    [
      ['main', DIGEST],
      ['fetch', OTHER_DIGEST],
    ],
  )
})

t.test('a Pod that has not been started runs nothing', async (t) => {
  t.strictSame(runningContainers(pod('a', 'busybox')), [])
})

t.test('any shape of a Pod', async (t) => {
  const odd = [
    undefined,
    null,
    1,
    {},
    { status: null, spec: 1 },
    { status: { containerStatuses: {} }, spec: { containers: CONTAINERS } },
    {
      status: { containerStatuses: [null, 1, { name: 1, imageID: `a@${DIGEST}` }] },
      spec: { containers: [null] },
    },
    { status: { containerStatuses: STATUSES }, spec: { containers: [null, { name: 'main', image: 1 }] } },
  ]
  for (const each of odd) t.strictSame(runningContainers(each), [])
})

t.test('the most frequent first', async (t) => {
  const counts = (one: number, other: number) =>
    byFrequency(
      new Map([
        [OTHER_DIGEST, one],
        [DIGEST, other],
      ]),
    )
  t.strictSame(counts(1, 3), [DIGEST, OTHER_DIGEST])
  t.strictSame(counts(3, 1), [OTHER_DIGEST, DIGEST])
  t.strictSame(counts(1, 1), [DIGEST, OTHER_DIGEST], 'the same order each time')
})
