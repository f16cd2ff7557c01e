// The certificate that tallyman makes itself, as deploy/ has it: from nothing to a verdict, mended whatever somebody does to
// it, and what is somebody else's left alone.
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { bundleOf } from '../../src/certificates/authorities.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import {
  bundles,
  CONFIGURATION,
  inOrder,
  kept,
  PER_SECOND,
  SECRET,
  served,
  WITHIN_MS,
  withManaged,
} from './kept-certificate.ts'
import { expectDone } from './kubectl.ts'
import { notJudged, rateOf } from './pod-creates.ts'
import { ENFORCE } from './policy.ts'
import { signal } from './programs.ts'
import { setUp } from './set-up.ts'

const MERGE = 'application/merge-patch+json'
const base64 = (text: string) => Buffer.from(text).toString('base64')

t.test('whatever somebody does to it, it is mended, and nobody passes unjudged', async (t) => {
  const began = performance.now()
  const cluster = await withManaged(t)
  const { controlPlane, tallyman, creates, as } = cluster
  t.comment(
    `from an empty control plane to ${PER_SECOND} verdicts: ${(performance.now() - began).toFixed(0)} ms`,
  )
  const { admin } = controlPlane
  const first = await inOrder(cluster)
  t.equal(first.authorities.length, 1)

  const slips: [what: string, slip: () => Promise<unknown>][] = [
    [
      'deleted',
      async () =>
        expectDone(await as('admin')(['delete', 'secret', 'tallyman-certificate', '-n', 'tallyman'])),
    ],
    [
      'broken',
      async () =>
        expectSuccess(
          await admin.send('PATCH', SECRET, { data: { 'tls.crt': base64('junk') } }, MERGE),
          'breaking it',
        ),
    ],
  ]
  for (const [what, slip] of slips) {
    const before = (await inOrder(cluster)).serving.fingerprint
    await slip()
    await until(`the Secret that was ${what} to be mended`, WITHIN_MS, signal, async () => {
      const now = (await kept(cluster))?.serving.fingerprint
      return now !== undefined && now !== before ? true : undefined
    })
    await inOrder(cluster)
    await creates.more(PER_SECOND)
  }

  // A GitOps tool that applies what is in Git leaves the field alone; one that replaces the object takes it away.
  expectDone(await tallyman.apply())
  t.ok(
    (await bundles(cluster)).every((bundle) => bundle !== ''),
    'another apply leaves the caBundle',
  )
  await inOrder(cluster)
  await creates.more(PER_SECOND)
  const answers = await creates.stop()
  t.comment(rateOf(answers))
  t.strictSame(notJudged(answers), [])

  const reset = [0, 1, 2].map((index) => ({ op: 'remove', path: `/webhooks/${index}/clientConfig/caBundle` }))
  expectSuccess(
    await admin.send('PATCH', CONFIGURATION, reset, 'application/json-patch+json'),
    'taking the caBundle away',
  )
  await inOrder(cluster)
  t.ok(true, 'a caBundle that was taken away is back')

  expectDone(await as('admin')(['delete', 'validatingwebhookconfiguration', 'tallyman']))
  for (const replica of tallyman.replicas)
    await until('the replicas to see that nobody calls', WITHIN_MS, signal, async () =>
      (await replica.probe('readyz')).status === 200 ? true : undefined,
    )
  t.equal((await bundles(cluster)).length, 0, 'what was uninstalled does not come back')
  expectDone(await tallyman.apply())
  await inOrder(cluster)
  await tallyman.inUse()
})

t.test('made anew from nothing, what was trusted before is trusted no more', async (t) => {
  const cluster = await withManaged(t)
  const { controlPlane, tallyman, creates, as } = cluster
  const before = await inOrder(cluster)
  // README: scale to nothing, wait, delete, scale up. Those that drain keep the connections of the API server for long.
  const old = [...tallyman.replicas]
  await creates.more(PER_SECOND)
  await creates.stop()
  for (const replica of old) {
    const draining = replica.log.next('draining')
    replica.process.signal('SIGTERM')
    await draining
    tallyman.withdraw(replica)
  }
  expectDone(await as('admin')(['-n', 'tallyman', 'delete', 'secret', 'tallyman-certificate']))
  // One that runs makes another within milliseconds.
  await sleep(3_000)
  t.equal((await controlPlane.admin.get(SECRET)).status, 404, 'those that go away make no other')
  await Promise.all(old.map((replica) => replica.kill()))
  await tallyman.startReplica()
  const { authorities } = await inOrder(cluster)
  t.equal(authorities.length, 1)
  t.not(authorities[0].fingerprint, before.authorities[0].fingerprint)
  t.ok((await bundles(cluster)).every((bundle) => bundle === bundleOf(authorities)))
})

t.test('it may touch nothing else', async (t) => {
  const { as } = await setUp(t, { overlay: 'managed' })
  const may = async (...what: string[]) => {
    const asked = ['auth', 'can-i', ...what, '--as=system:serviceaccount:tallyman:tallyman']
    return (await as('admin')(asked)).stdout.trim()
  }
  const rights: [what: string[], answer: string][] = [
    [['patch', 'secret/tallyman-certificate', '-n', 'tallyman'], 'yes'],
    [['list', 'secret/tallyman-certificate', '-n', 'tallyman'], 'yes'],
    [['create', 'secrets', '-n', 'tallyman'], 'yes'],
    [['patch', 'validatingwebhookconfiguration/tallyman'], 'yes'],
    [['list', 'secrets', '-n', 'tallyman'], 'no'],
    [['patch', 'secret/another', '-n', 'tallyman'], 'no'],
    [['delete', 'secret/tallyman-certificate', '-n', 'tallyman'], 'no'],
    [['create', 'secrets', '-n', 'team-a'], 'no'],
    [['patch', 'validatingwebhookconfiguration/another'], 'no'],
    [['create', 'validatingwebhookconfigurations'], 'no'],
    [['delete', 'validatingwebhookconfiguration/tallyman'], 'no'],
  ]
  for (const [what, answer] of rights) t.equal(await may(...what), answer, what.join(' '))
})

t.test('what is somebody else’s stays as it is', async (t) => {
  const set = await setUp(t, { overlay: 'managed', policy: ENFORCE })
  const { controlPlane, tallyman } = set
  const { admin } = controlPlane
  const [replica] = tallyman.replicas
  if (replica === undefined) throw new Error('there is one')
  const says = (text: RegExp) =>
    until(`it to say ${text}`, WITHIN_MS, signal, async () => {
      const probe = await replica.probe('readyz')
      return text.test(probe.text) ? probe : undefined
    })

  // Another installation takes over an entry: nobody calls for workloads, or only changes of policies go elsewhere.
  for (const [index, name, status] of [
    [0, 'image-tags', 503],
    [1, 'policies', 200],
  ] as const) {
    const leading = (value: string) => [
      { op: 'replace', path: `/webhooks/${index}/clientConfig/service/namespace`, value },
    ]
    const patch = async (value: string) =>
      expectSuccess(
        await admin.send('PATCH', CONFIGURATION, leading(value), 'application/json-patch+json'),
        `leading it to ${value}`,
      )
    await patch('another')
    const probe = await says(new RegExp(`${name}\\.tallyman\\.dev.*leads to the service tallyman\\.another`))
    t.equal(probe.status, status, name)
    // Readiness looks at the entries themselves, the fault is found by the round that follows.
    await until('the metric to say so', WITHIN_MS, signal, async () =>
      (await replica.metric('tallyman_certificate_last_reload_successful')) === 0 ? true : undefined,
    )
    await patch('tallyman')
    await inOrder(set)
  }

  const { serving } = await inOrder(set)
  const labels = [{ op: 'remove', path: '/metadata/labels' }]
  expectSuccess(
    await admin.send('PATCH', SECRET, labels, 'application/json-patch+json'),
    'taking the labels away',
  )
  const line = await replica.log.next(
    ({ error }) => /metadata\.labels has no/.test(JSON.stringify(error ?? '')),
    { since: 0 },
  )
  t.match(line, { level: 'error', msg: 'certificate not in order, what is served stays' })
  t.equal(served(replica), serving.fingerprint, 'what is served stays, and it is ready')
  t.equal((await replica.probe('readyz')).status, 200)
  const mine = { data: { 'tls.crt': base64('mine') } }
  expectSuccess(await admin.send('PATCH', SECRET, mine, MERGE), 'keeping something else in it')
  await until('the replica to see it', WITHIN_MS, signal, async () =>
    (await replica.metric('tallyman_certificate_last_reload_successful')) === 0 ? true : undefined,
  )
  t.match((await admin.get(SECRET)).body, mine, 'and it stays')
})
