// From the certificate of tallyman's own to one from elsewhere and back, while Pods are created: as the README says it, nothing
// goes unjudged on the way there, and what does not fit together holds the rollout up.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { bundleOf } from '../../src/certificates/authorities.ts'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { until } from '../control-plane/until.ts'
import {
  bundles,
  type Cluster,
  inOrder,
  kept,
  PER_SECOND,
  WITHIN_MS,
  withManaged,
} from './kept-certificate.ts'
import { expectDone } from './kubectl.ts'
import { notJudged, rateOf } from './pod-creates.ts'
import { signal } from './programs.ts'
import type { Replica } from './replica.ts'

const RIGHTS = [
  'role.rbac.authorization.k8s.io/tallyman-certificate',
  'rolebinding.rbac.authorization.k8s.io/tallyman-certificate',
  'clusterrole.rbac.authorization.k8s.io/tallyman-certificate',
  'clusterrolebinding.rbac.authorization.k8s.io/tallyman-certificate',
]

const isReady = (replica: Replica) =>
  until('it to be ready', WITHIN_MS, signal, async () =>
    (await replica.probe('readyz')).status === 200 ? true : undefined,
  )

/** Replaces each replica by one that runs what the Deployment says now, as a rollout does that takes none away before another is ready. */
async function roll({ tallyman }: Cluster): Promise<void> {
  const old = [...tallyman.replicas]
  for (const replica of old) {
    const next = await tallyman.startAside()
    await isReady(next)
    tallyman.join(next)
    tallyman.withdraw(replica)
    replica.process.signal('SIGTERM') // it drains, and answers whoever is connected
  }
}

t.test('there and back', { timeout: 300_000 }, async (t) => {
  const cluster = await withManaged(t)
  const { tallyman, creates, as } = cluster
  const overlays = join(tallyman.deploy, 'overlays')
  const caFile = join(overlays, 'own-certificate/certs/ca.crt')
  const own = await readFile(caFile, 'utf8')

  // A slip: the CA of something else. The replicas that run are trusted again at once, and the next one is not ready.
  await writeFile(caFile, (await developmentCertificates(['localhost'])).ca)
  tallyman.overlay = join(overlays, 'own-certificate')
  expectDone(await tallyman.apply())
  const early = await tallyman.startAside()
  const probe = await until('it to say why not', WITHIN_MS, signal, async () => {
    const probe = await early.probe('readyz')
    return /caBundle holds/.test(probe.text) ? probe : undefined
  })
  t.equal(probe.status, 503)
  t.match(
    probe.text,
    /webhooks\[image-tags\.tallyman\.dev\]\.clientConfig\.caBundle holds no valid CA that has signed .*tls\.crt/,
  )
  await early.kill()
  creates.take()
  await creates.more(PER_SECOND)

  // Both are trusted while replicas serve either.
  const stored = await kept(cluster)
  if (stored === undefined) throw new Error('The Secret is there')
  const both = own + bundleOf(stored.authorities)
  await writeFile(caFile, both)
  expectDone(await tallyman.apply())
  await creates.more(PER_SECOND)
  await roll(cluster)
  await creates.more(PER_SECOND)
  t.ok(
    (await bundles(cluster)).every((bundle) => bundle === both),
    'who writes it otherwise leaves it as it is',
  )

  await writeFile(caFile, own)
  expectDone(await tallyman.apply())
  expectDone(await as('admin')(['-n', 'tallyman', 'delete', 'secret/tallyman-certificate', ...RIGHTS]))
  await creates.more(PER_SECOND)
  const there = creates.take()
  t.comment(rateOf(there))
  t.strictSame(notJudged(there), [])
  t.strictSame(
    (await bundles(cluster)).map((bundle) => bundle === own),
    [true, true, true],
  )

  // The way back has a gap, which the README names: nothing says any more what the replicas serve that still run.
  tallyman.overlay = join(overlays, 'managed')
  expectDone(await tallyman.apply())
  await roll(cluster)
  await inOrder(cluster)
  creates.take()
  await creates.more(PER_SECOND)
  t.strictSame(notJudged(creates.take()), [])
})
