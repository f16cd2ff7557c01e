// SIGTERM while requests are under way: whatever has begun is answered, and so is what comes after, until nobody asks any
// more. Requests whose body is still arriving, requests of the API server, and new connections.
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { SUBMITTER_NAMESPACE } from '../control-plane/users.ts'
import { HalfSent } from './half-sent.ts'
import { notJudged, rateOf } from './pod-creates.ts'
import { theReplica } from './replicas.ts'
import { underLoad } from './under-load.ts'

const PER_SECOND = 100
const REVIEW = new URL('../fixtures/reviews/pod-latest.json', import.meta.url)
const MANY = 20

t.test('requests that are under way when the end begins', async (t) => {
  const { tallyman, creates } = await underLoad(t, { perSecond: PER_SECOND })
  const replica = theReplica(tallyman)
  const { log, port, process } = replica
  const ca = await readFile(tallyman.certificateMount.path('ca.crt'), 'utf8')
  // Of a namespace that is there: any other would be asked for, and a busy API server may take too long to say that it is not.
  const review = (await readFile(REVIEW, 'utf8')).replaceAll('team-vision', SUBMITTER_NAMESPACE)
  const begin = () => HalfSent.begin(port, ca, review)
  const begun = await Promise.all(Array.from({ length: MANY }, begin))

  const draining = log.next('draining')
  process.signal('SIGTERM')
  await draining
  t.equal((await replica.probe('readyz')).status, 503)
  t.equal((await replica.probe('livez')).status, 200)
  await creates.more(PER_SECOND)
  const late = await Promise.all(Array.from({ length: MANY }, begin))
  for (const half of [...begun, ...late]) {
    const { status, connection, body } = await half.finish()
    t.equal(status, 200)
    t.equal(connection, 'close')
    t.match(JSON.parse(body), { response: { allowed: false, status: { code: 403 } } })
  }

  await tallyman.startReplica()
  tallyman.withdraw(replica)
  const exit = await process.exited
  await creates.more(PER_SECOND)
  const answers = await creates.stop()
  t.comment(rateOf(answers))
  t.strictSame(exit, { code: 0, signal: null })
  t.strictSame(notJudged(answers), [])
})
