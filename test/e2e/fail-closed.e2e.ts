import { readFileSync } from 'node:fs'
import t from 'tap'
import { until } from '../control-plane/until.ts'
import { expectDone } from './kubectl.ts'
import { ENFORCE } from './policy.ts'
import { signal } from './programs.ts'
import { setUp } from './set-up.ts'
import { words } from './transcript.ts'

const WITHIN_MS = 30_000

/** Those of the component that a person might doubt. */
const EXCLUDED = ['kube-system', 'tallyman', 'cert-manager', 'calico-system', 'registry']

const podTemplate = (image: string) => ({
  apiVersion: 'v1',
  kind: 'PodTemplate',
  metadata: { name: 'a' },
  template: { spec: { containers: [{ name: 'main', image }] } },
})
const GOOD = podTemplate('nginx:1.25.3')
const BAD = podTemplate('nginx')

/** The commands of the README's card. */
const [, CARD = ''] =
  /^### Break glass$(.*?)^#/ms.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')) ?? []
const BREAK_GLASS = [...CARD.matchAll(/\| `(kubectl [^`]*)` \|$/gm)].map(([, command = '']) => command)

t.test('with the component fail-closed', async (t) => {
  const { tallyman, as, controlPlane } = await setUp(t, { policy: ENFORCE, components: ['fail-closed'] })
  const admin = as('admin')
  const create = (object: object, namespace = 'team-a') =>
    admin(['create', '--dry-run=server', '-n', namespace, '-f', '-'], object)

  await t.test('while tallyman answers, only it decides', async (t) => {
    t.equal((await create(GOOD)).code, 0)
    t.match((await create(BAD)).stderr, 'denied the request: PodTemplate "a": container "main" uses nginx,')
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
