// tallyman hangs for longer than the webhook's timeout: its process stands still, while the system goes on taking its
// connections. It is not restarted, and answers again when it goes on.
import t from 'tap'
import { expectFailurePolicies, expectFault } from './fault-effects.ts'
import { notJudged, rateOf } from './pod-creates.ts'
import { theReplica } from './replicas.ts'
import { underLoad } from './under-load.ts'

const PER_SECOND = 50
const SOME = 50
/** Longer than a busy machine takes for an answer, for otherwise this is what would be seen. */
const TIMEOUT_SECONDS = 3

t.test('a process that stands still', async (t) => {
  const { tallyman, creates } = await underLoad(t, { perSecond: PER_SECOND, timeoutSeconds: TIMEOUT_SECONDS })
  t.strictSame(notJudged(creates.answers), [])
  const replica = theReplica(tallyman)
  const { pid } = replica.process

  process.kill(pid, 'SIGSTOP')
  const hanging = await creates.more(SOME)
  process.kill(pid, 'SIGCONT')
  const back = await creates.more(SOME)
  const answers = await creates.stop()
  t.comment(rateOf(answers))

  t.test('the API server waits no longer than its timeout', async (t) =>
    expectFault(t, hanging, /context deadline exceeded/),
  )
  t.strictSame(notJudged(back), [])
  t.test('all through', async (t) => expectFailurePolicies(t, answers))
  t.strictSame(await replica.metric('tallyman_errors_total', { reason: 'fault' }), 0)
})
