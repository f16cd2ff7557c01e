// The certificate of tallyman and its CA, renewed again and again while Pods are created: by default a few times, and with
// `make soak-certificates` a thousand times.
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { until } from '../control-plane/until.ts'
import { Handshakes } from './handshakes.ts'
import { inOrder, kept, withManaged } from './kept-certificate.ts'
import { notJudged, rateOf, wasJudged } from './pod-creates.ts'
import { signal } from './programs.ts'

const RENEWALS = Number(process.env.RENEWALS ?? 4)

const SHORT_LIVED = fileURLToPath(new URL('./short-lived.ts', import.meta.url))

/** With each of the replicas. */
const HANDSHAKES_PER_SECOND = 10

/** A renewal takes some seconds (short-lived.ts), on a busy machine somewhat longer. */
const WITHIN_MS = RENEWALS * 30_000

t.test(`renewed ${RENEWALS} times under load`, { timeout: WITHIN_MS + 120_000 }, async (t) => {
  const cluster = await withManaged(t, { main: SHORT_LIVED })
  const { tallyman, creates } = cluster
  const served = tallyman.replicas.map(
    ({ log }) =>
      () =>
        log.lines.filter(({ msg }) => msg === 'serving certificate').length,
  )
  await inOrder(cluster)
  const handshakes = new Handshakes(cluster, HANDSHAKES_PER_SECOND)
  t.teardown(() => handshakes.stop())
  const authorities = new Set<string>()
  await until(`${RENEWALS} renewals, and one of the CA`, WITHIN_MS, signal, async () => {
    for (const authority of (await kept(cluster))?.authorities ?? []) authorities.add(authority.fingerprint)
    return authorities.size > 1 && served.every((count) => count() > RENEWALS) ? true : undefined
  })
  await handshakes.stop()
  const answers = await creates.stop()
  const unjudged = answers.filter((create) => !wasJudged(create)).length
  t.comment(
    `${authorities.size} CAs, ${rateOf(answers)}, ${unjudged} unjudged, ${handshakes.count} handshakes`,
  )
  t.strictSame(notJudged(answers), [])
  t.strictSame([...handshakes.refused], [])
  t.ok(handshakes.count > RENEWALS, 'there were some')
})
