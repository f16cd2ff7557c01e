// With the component policy-file, the policy's ConfigMap is replaced under load, first by a text that tallyman refuses, then
// by a good one. Every create is judged all the while: by the last good policy, and from one moment on by the new one.
import t from 'tap'
import { type Create, notJudged, rateOf } from './pod-creates.ts'
import { ENFORCE, policy } from './policy.ts'
import { theReplica } from './replicas.ts'
import { underLoad } from './under-load.ts'

const PER_SECOND = 100
const WARN = policy({ mode: 'warn' })
/** YAML 1.1 readers take it for `true`, so that it would be another policy for kubectl. */
const BAD = WARN.replace('mode: warn', 'mode: on')

t.test('a bad policy, then a good one', async (t) => {
  const { tallyman, creates } = await underLoad(t, {
    perSecond: PER_SECOND,
    policy: WARN,
    components: ['policy-file'],
  })
  const replica = theReplica(tallyman)
  const inForce = () => replica.metric('tallyman_policy_last_reload_successful')

  const refused = replica.log.next('new policy refused, the last good one stays in force')
  await tallyman.policyMount.write({ 'policy.yaml': BAD })
  const { error } = await refused
  await creates.more(PER_SECOND)
  t.match((error as { message: string }).message, /policy\.yaml:\d+.*mode/)
  t.equal(await inForce(), 0)
  t.equal((await replica.probe('readyz')).status, 200)
  const changing = performance.now()
  await tallyman.changePolicy(ENFORCE)
  const changed = performance.now()
  await creates.more(PER_SECOND)
  const answers = await creates.stop()
  t.comment(rateOf(answers))

  t.strictSame(notJudged(answers), [])
  t.strictSame(outcomes(answers.filter(({ answeredAt }) => answeredAt < changing)), [
    'floating warned',
    'moving warned',
  ])
  t.strictSame(outcomes(answers.filter(({ sentAt }) => sentAt > changed)), [
    'floating warned',
    'moving denied',
  ])
  t.equal(await inForce(), 1)
})

function outcomes(creates: readonly Create[]): string[] {
  return [...new Set(creates.map(({ image, outcome }) => `${image} ${outcome}`))].sort()
}
