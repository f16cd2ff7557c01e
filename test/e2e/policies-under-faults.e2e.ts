/** Many policies and namespaces, and everything that can go away meanwhile: no verdict from what never held, nobody stuck. */
import { readFile } from 'node:fs/promises'
import t from 'tap'
import type { Answer } from '../control-plane/api-client.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'
import { AskedReplica } from './asked-replica.ts'
import { expectDone } from './kubectl.ts'
import { policy } from './policy.ts'
import { signal } from './programs.ts'
import type { Replica } from './replica.ts'
import { setUp } from './set-up.ts'
import { generationOf, putTagPolicy, TAG_POLICIES } from './tag-policy.ts'

const NAMESPACES = 2_000
const POLICIES = 50
/** So many namespaces are created at once. */
const AT_ONCE = 20
const WITHIN_MS = 60_000
/** Denied by a policy in mode enforce only. */
const BAD = 'nginx:1.25'

const { controlPlane, tallyman, as } = await setUp(t, { policy: policy({ mode: 'warn' }), replicas: 2 })
const { admin } = controlPlane
const ca = await readFile(tallyman.certificateMount.path('ca.crt'), 'utf8')

const asked = new Map<Replica, AskedReplica>()
t.teardown(() => [...asked.values()].map((replica) => replica.close()))
function ask(replica: Replica): AskedReplica {
  const known = asked.get(replica) ?? new AskedReplica(replica, ca)
  asked.set(replica, known)
  return known
}

const nameOf = (index: number) => `many-${index}`
const policyOf = (index: number) => `policy-${index % POLICIES}`
/** Every second policy denies. */
const denies = (index: number) => (index % POLICIES) % 2 === 1

async function namespace(index: number): Promise<void> {
  const labels = { 'tallyman.dev/policy': policyOf(index) }
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: nameOf(index), labels } }
  expectSuccess(await admin.create(apiPath('v1', 'namespaces'), body), `creating ${nameOf(index)}`)
}

async function put(name: string, spec: Parameters<typeof policy>[0]): Promise<Answer> {
  const answer = await putTagPolicy(admin, policy(spec, name))
  expectSuccess(answer, `putting ${name}`)
  return answer
}

/** Some namespaces of each policy, and how each replica judges there. */
const SAMPLE = Array.from({ length: 100 }, (_, index) => index * 19)

/** Waits until every replica judges the sample as its policies say. */
async function allAgree(what: string, expected: (index: number) => boolean = denies): Promise<void> {
  await until(what, WITHIN_MS, signal, async () => {
    for (const replica of tallyman.replicas) {
      const said = await Promise.all(SAMPLE.map((index) => ask(replica).allows(nameOf(index), BAD)))
      if (!SAMPLE.every((index, place) => said[place] === !expected(index))) return undefined
    }
    return true
  })
}

/** Asks all the while, and says what was answered that nobody's policy says. */
async function wrongAnswersDuring(work: () => Promise<unknown>): Promise<string[]> {
  const wrong: string[] = []
  let done = false
  const asking = tallyman.replicas.map(async (replica) => {
    for (let turn = 0; !done; turn++) {
      const index = SAMPLE[turn % SAMPLE.length] ?? 0
      const allowed = await ask(replica).allows(nameOf(index), BAD)
      if (allowed === denies(index)) wrong.push(`${nameOf(index)}: ${allowed ? 'allowed' : 'denied'}`)
    }
  })
  try {
    await work()
  } finally {
    done = true
    await Promise.all(asking)
  }
  return wrong
}

for (let index = 0; index < POLICIES; index++)
  await put(`policy-${index}`, { mode: denies(index) ? 'enforce' : 'warn' })
for (let index = 0; index < NAMESPACES; index += AT_ONCE)
  await Promise.all(Array.from({ length: AT_ONCE }, (_, offset) => namespace(index + offset)))

t.test('2,000 namespaces and 50 policies', async (t) => {
  await allAgree('both replicas to judge by 50 policies')
  for (const replica of tallyman.replicas)
    t.equal(await replica.metric('tallyman_policies_refused'), 0, 'and none is refused')
})

t.test('the API server goes away and comes back', async (t) => {
  t.strictSame(await wrongAnswersDuring(() => controlPlane.restart('kube-apiserver')), [])
  await put('policy-0', { mode: 'enforce' })
  await allAgree('what came afterwards to hold', (index) => denies(index) || index % POLICIES === 0)
  await put('policy-0', { mode: 'warn' })
  await allAgree('and what was before it')
})

t.test('etcd goes away and comes back', async (t) => {
  t.strictSame(await wrongAnswersDuring(() => controlPlane.restart('etcd')), [])
  await put('policy-2', { mode: 'enforce' })
  await allAgree('what came afterwards to hold', (index) => denies(index) || index % POLICIES === 2)
  await put('policy-2', { mode: 'warn' })
  await allAgree('and what was before it')
})

t.test('two policies are edited at once, by two people', async () => {
  for (const mode of ['enforce', 'warn', 'enforce'] as const)
    await Promise.all([put('policy-4', { mode }), put('policy-6', { mode })])
  await allAgree('both to hold', (index) => denies(index) || [4, 6].includes(index % POLICIES))
  await Promise.all([put('policy-4', { mode: 'warn' }), put('policy-6', { mode: 'warn' })])
  await allAgree('both to be as before')
})

t.test('a policy is broken and mended while no tallyman is there', async (t) => {
  const [first, second] = tallyman.replicas as [Replica, Replica]
  // What is accepted last is in the status, where one that starts later finds it.
  await until('the status of policy-1', WITHIN_MS, signal, async () => {
    const { body } = await admin.get(`${TAG_POLICIES}/policy-1`)
    return (body as { status?: { accepted?: object } }).status?.accepted ? true : undefined
  })
  for (const replica of [first, second]) {
    await replica.kill()
    tallyman.withdraw(replica)
  }
  const broken = await admin.send('PATCH', `${TAG_POLICIES}/policy-1`, {
    spec: { moed: 'warn', mode: 'warn' },
  })
  t.equal(broken.status, 200, 'nobody is there to say that it makes no sense')

  const third = await tallyman.startReplica()
  t.equal(await third.metric('tallyman_policies_refused'), 1)
  await allAgree('the last accepted spec to hold in a tallyman that never saw it')
  await until('its status to say why', WITHIN_MS, signal, async () => {
    const { body } = await admin.get(`${TAG_POLICIES}/policy-1`)
    const [ready] = (body as { status: { conditions: { status: string; message: string }[] } }).status
      .conditions
    return ready?.status === 'False' && ready.message.includes('spec.moed: unknown field') ? true : undefined
  })

  await third.kill()
  tallyman.withdraw(third)
  const mended = await admin.send('PATCH', `${TAG_POLICIES}/policy-1`, {
    spec: { moed: null, mode: 'enforce' },
  })
  t.equal(mended.status, 200, 'nothing stands in the way of the repair')
  const fourth = await tallyman.startReplica()
  t.equal(await fourth.metric('tallyman_policies_refused'), 0)
  t.ok(fourth.log.lines.some((it) => it.policy === 'policy-1' && it.generation === generationOf(mended)))
  await allAgree('the mended one to hold')
})

t.test('the kind TagPolicy is deleted and installed again', async () => {
  expectDone(await as('admin')(['delete', 'crd', 'tagpolicies.tallyman.dev']))
  await allAgree('the built-in policy to hold, which only warns', () => false)
  expectDone(await tallyman.apply())
  await until('TagPolicies to be served', WITHIN_MS, signal, async () =>
    (await admin.get(TAG_POLICIES)).status === 200 ? true : undefined,
  )
  for (let index = 0; index < POLICIES; index++)
    await put(`policy-${index}`, { mode: denies(index) ? 'enforce' : 'warn' })
  await allAgree('the new ones to hold')
})
