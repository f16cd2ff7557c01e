import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { until } from '../control-plane/until.ts'
import { expectDone } from './kubectl.ts'
import { podTemplate } from './pod-template.ts'
import { ENFORCE, policy } from './policy.ts'
import { programs, signal } from './programs.ts'
import { setUp } from './set-up.ts'
import { atTerminal } from './terminal.ts'
import { words } from './transcript.ts'

const WITHIN_MS = 30_000

/** Those of the component that a person might doubt. */
const EXCLUDED = ['kube-system', 'tallyman', 'cert-manager', 'calico-system', 'registry']

const GOOD = podTemplate('nginx:1.25.3')
const BAD = podTemplate('nginx')

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** What the README shows of its Job: denied, warned about, and refused while nobody answers. */
const SHOWN = [...README.matchAll(/^```console\n\$ kubectl (create .*job\.yaml)\n([\s\S]*?)^```$/gm)]
const [DENIED, WARNED, UNANSWERED] = SHOWN.map(([, args = '', output = '']) => ({
  args: args.split(' '),
  output,
}))
const JOB_FOLDER = fileURLToPath(new URL('../fixtures/manifests/', import.meta.url))

/** The day in the README, and one that is still to come, which stands for it. */
const WRITTEN_DAY = '2026-12-07'
const DAY = new Date(Date.now() + 10 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)

/** An example of a tag is of today. */
const dateless = (said: string) => said.replace(/\b20\d{6}\b/g, 'YYYYMMDD')
/** What follows the address is told by the network, which differs here. */
const toTheAddress = (said: string) => said.replace(/(\/validate\?timeout=5s": ).*/, '$1')

/** The commands of the README's card. */
const [, CARD = ''] = /^### Break glass$(.*?)^#/ms.exec(README) ?? []
const BREAK_GLASS = [...CARD.matchAll(/\| `(kubectl [^`]*)` \|$/gm)].map(([, command = '']) => command)

t.test('with the component fail-closed', async (t) => {
  const { tallyman, as, controlPlane } = await setUp(t, { policy: ENFORCE, components: ['fail-closed'] })
  const admin = as('admin')
  const create = (object: object, namespace = 'team-a') =>
    admin(['create', '--dry-run=server', '-n', namespace, '-f', '-'], object)
  const typed = async (args: readonly string[] = []) => {
    const { kubeconfig } = controlPlane.login('submitter')
    return (await atTerminal(programs.kubectl, kubeconfig, args, JOB_FOLDER)).output
  }

  await t.test('while tallyman answers, only it decides', async (t) => {
    t.equal((await create(GOOD)).code, 0)
    t.match((await create(BAD)).stderr, 'denied the request: PodTemplate "a": container "main" uses nginx,')
  })

  await t.test('the README shows how its Job is denied, and warned about until a day', async (t) => {
    t.equal(SHOWN.length, 3)
    t.equal(dateless(await typed(DENIED?.args)), dateless(DENIED?.output ?? ''))
    await tallyman.changePolicy(policy({ mode: 'enforce', enforceFrom: DAY }))
    t.equal((await typed(WARNED?.args)).replaceAll(DAY, WRITTEN_DAY), WARNED?.output)
    await tallyman.changePolicy(ENFORCE)
  })

  await t.test('while it does not, nothing is created but where it has to start', async (t) => {
    const [replica] = tallyman.replicas
    if (replica === undefined) throw new Error('no replica runs')
    tallyman.withdraw(replica)
    await replica.kill()
    const { code, stderr } = await create(GOOD)
    t.equal(code, 1)
    t.match(
      stderr,
      /^Error from server \(InternalError\): error when creating "STDIN": Internal error occurred: failed calling webhook "image-tags\.tallyman\.dev": failed to call webhook: Post "https:\/\/tallyman\.tallyman\.svc:443\/validate\?timeout=5s": .*\n$/,
    )
    t.equal(toTheAddress(await typed(UNANSWERED?.args)), toTheAddress(UNANSWERED?.output ?? ''), 'the README')
    for (const namespace of EXCLUDED) {
      await controlPlane.createNamespace(namespace)
      t.equal((await create(BAD, namespace)).code, 0, namespace)
    }
    t.equal(
      (await admin(['label', 'namespace', 'team-a', 'owner=a'])).code,
      0,
      'only workloads wait for tallyman',
    )
  })

  await t.test('when it is back, all is as before', async (t) => {
    await tallyman.startReplica()
    t.equal((await create(GOOD)).code, 0)
    t.match((await create(BAD)).stderr, 'denied the request')
  })

  await t.test("the README's card: break glass", async (t) => {
    const [ignore = '', warn = '', remove = ''] = BREAK_GLASS
    t.equal(BREAK_GLASS.length, 3)
    const type = async (command: string) => expectDone(await admin(words(command).slice(1)))
    const passes = (what: string) =>
      until(what, WITHIN_MS, signal, async () => ((await create(BAD)).code === 0 ? true : undefined))

    const stopAll = async () => {
      for (const replica of [...tallyman.replicas]) {
        tallyman.withdraw(replica)
        await replica.kill()
      }
    }
    await type(warn)
    await stopAll()
    await tallyman.startReplica()
    const warned = await create(BAD)
    t.equal(warned.code, 0)
    t.match(warned.stderr, /^Warning: PodTemplate\/a, container "main": nginx has no tag/)

    await stopAll()
    t.equal((await create(BAD)).code, 1)
    await type(ignore)
    await passes('objects to be let through although nobody answers')

    expectDone(await tallyman.apply())
    await until('the overlay to be in force again', WITHIN_MS, signal, async () =>
      (await create(GOOD)).code === 1 ? true : undefined,
    )
    await type(remove)
    await passes('nobody to be asked any more')
  })
})
