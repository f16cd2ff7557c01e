// A rolling restart of three replicas under load, as a Deployment does it: not one create fails, and not one is let in
// unjudged. The API server speaks HTTP/1.1 to webhooks (for a Service it offers nothing else) and keeps up to 25 idle
// connections to them for 90 s; whoever closes one of those while a request is on its way loses that request.
import t from 'tap'
import { until } from '../control-plane/until.ts'
import { notJudged, rateOf } from './pod-creates.ts'
import { signal } from './programs.ts'
import { loggedVerdicts } from './replicas.ts'
import { LOAD_USER, underLoad } from './under-load.ts'
import { webhookHealth } from './webhook-health.ts'

const PER_SECOND = 200
/**
 * So many at once need about as many connections each time. Without bursts one that was needed once would idle for 90 s, and
 * the drain would wait for it.
 */
const BURST = 20
/** A node's proxy goes on sending connections to a Pod for a while after its end has begun: for as many creates. */
const STALE_ROUTE = PER_SECOND / 2
const LOGGED_WITHIN_MS = 10_000

t.test('every create is judged, once, while three replicas are replaced', async (t) => {
  const { controlPlane, tallyman, creates } = await underLoad(t, {
    perSecond: PER_SECOND,
    burst: BURST,
    replicas: 3,
  })
  const old = [...tallyman.replicas]
  const kept: number[] = []
  for (const replica of old) {
    await tallyman.startReplica()
    const draining = replica.log.next('draining')
    replica.process.signal('SIGTERM')
    kept.push(Number((await draining).connections))
    await creates.more(STALE_ROUTE)
    tallyman.withdraw(replica)
    await creates.more(PER_SECOND)
  }
  const exits = await Promise.all(old.map(({ process }) => process.exited))
  const answers = await creates.stop()
  t.comment(rateOf(answers), 'connections kept alive when a drain began:', kept)

  t.strictSame(notJudged(answers), [])
  const { errors } = await webhookHealth(controlPlane.admin)
  t.strictSame(errors, [])
  const everybody = [...old, ...tallyman.replicas]
  await until('the last verdict in the logs', LOGGED_WITHIN_MS, signal, async () =>
    loggedVerdicts(everybody, LOAD_USER) >= answers.length ? true : undefined,
  )
  t.equal(loggedVerdicts(everybody, LOAD_USER), answers.length, 'one verdict for each create')
  t.ok(
    kept.every((connections) => connections > 0),
    'the API server kept connections alive',
  )
  for (const exit of exits) t.strictSame(exit, { code: 0, signal: null })
  for (const { log } of old) {
    t.notOk(log.lines.some(({ msg }) => msg === 'closing connections that are still open'))
  }
})
