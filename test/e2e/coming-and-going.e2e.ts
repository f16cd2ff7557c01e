// tallyman comes, goes, comes back and is taken away, while Pods are created all the while: under either failurePolicy none
// is refused because of it.
import t from 'tap'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'
import { boot } from './boot.ts'
import { overlayWith } from './deploy-copy.ts'
import { Installation } from './installation.ts'
import { expectDone, kubectl } from './kubectl.ts'
import { type Create, PodCreates, rateOf, wasJudged } from './pod-creates.ts'
import { ENFORCE } from './policy.ts'
import { programs, signal } from './programs.ts'

const PER_SECOND = 50
const WITHIN_MS = 60_000
const CONFIGURATIONS = apiPath('admissionregistration.k8s.io/v1', 'validatingwebhookconfigurations')

/** README, "Break glass": what an admin types before tallyman is taken down on purpose. */
const LET_PASS = [
  'patch',
  'validatingwebhookconfiguration',
  'tallyman',
  '--type=json',
  '-p=[{"op":"replace","path":"/webhooks/0/failurePolicy","value":"Ignore"}]',
]

const failed = (creates: readonly Create[]) => [
  ...new Set(creates.filter(({ outcome }) => outcome === 'failed').map(({ said }) => said)),
]

for (const failurePolicy of ['Ignore', 'Fail'] as const)
  t.test(`under ${failurePolicy}`, async (t) => {
    const controlPlane = await boot(t)
    const as = kubectl(programs.kubectl, controlPlane.login('admin').kubeconfig)
    const creates = new PodCreates({
      client: controlPlane.admin,
      namespaces: ['team-a'],
      perSecond: PER_SECOND,
    })
    t.teardown(() => creates.stop())
    /** Waits until what is created from now on is judged, or let in. */
    const are = (judged: boolean) =>
      until(`creates to be ${judged ? 'judged' : 'let in'}`, WITHIN_MS, signal, async () =>
        (await creates.more(10)).every((create) => wasJudged(create) === judged) ? true : undefined,
      )

    await are(false)
    const began = performance.now()
    const tallyman = await Installation.install({
      controlPlane,
      kubectl: programs.kubectl,
      signal,
      overlay: 'managed',
      policy: ENFORCE,
      replicas: 2,
    })
    // The replicas are processes: no image is pulled, and no kubelet waits between two probes.
    t.comment(`from kubectl apply to the first verdict: ${(performance.now() - began).toFixed(0)} ms`)
    await are(true)
    // In two steps, as the component says: until tallyman answers, Fail would refuse everything.
    const overlay =
      failurePolicy === 'Fail'
        ? await overlayWith(tallyman.deploy, 'managed', ['fail-closed'])
        : tallyman.overlay
    expectDone(await as(['apply', '-k', overlay]))
    await are(true)

    if (failurePolicy === 'Fail') {
      expectDone(await as(LET_PASS))
      // Until the API server goes by it, which nothing tells: within a second, and these take three.
      await creates.more(3 * PER_SECOND)
    }
    // As the kubelet ends them. Their drain goes on beside what follows.
    for (const replica of [...tallyman.replicas]) {
      tallyman.withdraw(replica)
      replica.process.signal('SIGTERM')
    }
    await are(false)
    await tallyman.startReplica()
    await tallyman.startReplica()
    await are(true)
    expectDone(await as(['apply', '-k', overlay]))
    await are(true)

    // No controllers run here that would end the namespace, so nobody waits for that.
    expectDone(await as(['delete', '-k', overlay, '--wait=false']))
    await are(false)
    const last = [...tallyman.replicas]
    for (const replica of last) tallyman.withdraw(replica)
    await Promise.all(last.map((replica) => replica.kill()))
    await creates.more(PER_SECOND)
    const answers = await creates.stop()
    t.comment(rateOf(answers))
    t.strictSame(failed(answers), [])
    const { body } = await controlPlane.admin.get(CONFIGURATIONS)
    t.strictSame((body as { items: object[] }).items, [], 'no registration is left')
  })
