// tallyman is killed while Pods are created, stays away, and comes back. With failurePolicy Ignore no create fails; with
// Fail each one that fails says why, and none is let in unjudged.
import t from 'tap'
import { readAuditLog } from '../control-plane/audit-log.ts'
import { expectFailurePolicies, expectFault } from './fault-effects.ts'
import { notJudged, rateOf } from './pod-creates.ts'
import { theReplica } from './replicas.ts'
import { underLoad } from './under-load.ts'

const PER_SECOND = 200
const SOME = 100

t.test('killed, gone, and back', async (t) => {
  const { controlPlane, tallyman, creates } = await underLoad(t, { perSecond: PER_SECOND, store: true })
  t.strictSame(notJudged(creates.answers), [])
  const replica = theReplica(tallyman)

  await replica.kill()
  const killed = await creates.more(SOME)
  tallyman.withdraw(replica)
  const gone = await creates.more(SOME)
  await tallyman.startReplica()
  const back = await creates.more(SOME)
  const answers = await creates.stop()
  t.comment(rateOf(answers))

  // The causes are in the words of the proxy that stands for the cluster's network here (service-network.ts); at first in
  // Go's, for what the API server sends on connections of which it has not heard yet that they are gone. To the proxy it
  // speaks over a unix socket.
  const nobody =
    /CONNECT to \S+:443 .* EOF|: (?:EOF|http: server closed idle connection|(?:read|write) (?:tcp|unix) .*(?:connection reset by peer|broken pipe))$/
  t.test('while nothing listens', async (t) => expectFault(t, killed, nobody))
  t.test('while the Service leads nowhere', async (t) => expectFault(t, gone, /No endpoints/))
  t.test('judged again as soon as it is back', async (t) => t.strictSame(notJudged(back), []))
  t.test('all through', async (t) => expectFailurePolicies(t, answers))
  t.test('the audit log tells of each one that was let in unjudged', async (t) => {
    const events = await readAuditLog(controlPlane.auditLog)
    const failedOpen = events.filter(({ annotations = {} }) =>
      Object.keys(annotations).some((key) => key.startsWith('failed-open.validating.webhook.')),
    )
    t.equal(failedOpen.length, answers.filter(({ outcome }) => outcome === 'unjudged').length)
  })
})
