import t from 'tap'
import { byFrequency, digestsOf, runningDigest } from '../../src/preview/running-digests.ts'
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

t.test('by the names of containers, in any shape of a Pod', async (t) => {
  t.strictSame([...digestsOf(pod('a', 'busybox', { imageID: `busybox@${DIGEST}` }))], [['main', DIGEST]])
  const odd = [
    null,
    1,
    {},
    { status: null },
    { status: { containerStatuses: {} } },
    { status: { containerStatuses: [null, 1, { name: 1, imageID: `a@${DIGEST}` }] } },
  ]
  for (const each of odd) t.equal(digestsOf(each).size, 0)
})

t.test('the most frequent first', async (t) => {
  t.strictSame(
    byFrequency(
      new Map([
        [OTHER_DIGEST, 1],
        [DIGEST, 3],
      ]),
    ),
    [DIGEST, OTHER_DIGEST],
  )
  t.strictSame(
    byFrequency(
      new Map([
        [OTHER_DIGEST, 1],
        [DIGEST, 1],
      ]),
    ),
    [DIGEST, OTHER_DIGEST],
    'the same order each time',
  )
})
