// What tallyman knows of a cluster is what the API server says, whatever happens between them: connections are cut, servers
// restart, versions are compacted away, a definition comes and goes. At no moment does it know what never was.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Api, ApiError } from '../../src/cluster/api.ts'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { InClusterLogin } from '../../src/cluster/in-cluster-login.ts'
import { Reflector } from '../../src/cluster/reflector.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { LOOPBACK } from '../control-plane/free-ports.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'
import { boot } from './boot.ts'
import { defineKinds } from './custom-kinds.ts'
import { signal } from './programs.ts'
import { TcpProxy } from './tcp-proxy.ts'

const NAMESPACES = apiPath('v1', 'namespaces')
const KIND = {
  group: 'reflected.test',
  kind: 'Thing',
  resource: 'things',
  versions: ['v1'],
  clusterScoped: true,
}
const THINGS = apiPath('reflected.test/v1', 'things')
const CUTS = 50
const WITHIN_MS = 60_000

interface Numbered {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
}

/** The number in the label of an object; those without have none. */
const numberOf = (object: object) => Number((object as Numbered).metadata.labels?.number ?? -1)

/** A folder as a Pod has it, for a service account that may read namespaces and things. */
async function accountFolder(controlPlane: ControlPlane): Promise<string> {
  const { admin } = controlPlane
  await controlPlane.createNamespace('watcher')
  const accounts = apiPath('v1', 'serviceaccounts', 'watcher')
  const role = {
    metadata: { name: 'watcher' },
    rules: [{ apiGroups: ['', KIND.group], resources: ['namespaces', 'things'], verbs: ['list', 'watch'] }],
  }
  const binding = {
    metadata: { name: 'watcher' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'watcher' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'watcher', name: 'watcher' }],
  }
  const rbac = (resource: string) => apiPath('rbac.authorization.k8s.io/v1', resource)
  for (const [path, body] of [
    [accounts, { metadata: { name: 'watcher' } }],
    [rbac('clusterroles'), role],
    [rbac('clusterrolebindings'), binding],
  ] as const)
    expectSuccess(await admin.create(path, body), `creating at ${path}`)
  const issued = await admin.create(`${accounts}/watcher/token`, { spec: {} })
  expectSuccess(issued, 'issuing a token')
  const { token } = (issued.body as { status: { token: string } }).status
  for (const [name, content] of Object.entries({ token, 'ca.crt': controlPlane.ca, namespace: 'watcher' }))
    await writeFile(join(controlPlane.folder, name), content)
  return controlPlane.folder
}

/** Counts what is asked, and what is answered with 410. */
class Counted implements Api {
  lists = 0
  opened = 0
  expired = 0
  readonly get: Api['get']
  readonly send: Api['send']
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
    this.get = api.get.bind(api)
    this.send = api.send.bind(api)
  }

  list(...args: Parameters<Api['list']>) {
    this.lists += 1
    return this.#api.list(...args)
  }

  async *watch(path: string, query: Parameters<Api['watch']>[1], options: Parameters<Api['watch']>[2]) {
    const opened = () => {
      this.opened += 1
      options.opened?.()
    }
    try {
      yield* this.#api.watch(path, query, { ...options, opened })
    } catch (error) {
      if (error instanceof ApiError && error.status === 410) this.expired += 1
      throw error
    }
  }
}

/** What was written, so that a reflection of it can be judged at any moment. */
class Written {
  readonly #admin: ControlPlane['admin']
  readonly #last = new Map<string, number>()
  #number = 0

  constructor(controlPlane: ControlPlane) {
    this.#admin = controlPlane.admin
  }

  get number(): number {
    return this.#number
  }

  /** Creates or changes an object, with a number that was never there before. */
  async put(path: string, name: string): Promise<void> {
    const metadata = { name, labels: { number: String(++this.#number) } }
    const patched = await this.#admin.send('PATCH', `${path}/${name}`, { metadata })
    if (patched.status !== 404) expectSuccess(patched, `changing ${name}`)
    else expectSuccess(await this.#admin.create(path, { ...kindOf(path), metadata }), `creating ${name}`)
  }

  /** Deletes a namespace, and does what its controller would do then. */
  async remove(name: string): Promise<void> {
    const path = `${NAMESPACES}/${name}`
    expectSuccess(await this.#admin.send('DELETE', path), `deleting ${name}`)
    const metadata = { name }
    const finalized = await this.#admin.send('PUT', `${path}/finalize`, {
      ...kindOf(path),
      metadata,
      spec: {},
    })
    expectSuccess(finalized, `finalizing ${name}`)
  }

  /** Why what is known cannot be: a number that was not written yet, or an older one than was known before. */
  wrong(items: ReadonlyMap<string, number>): string[] {
    const wrong: string[] = []
    for (const [name, number] of items) {
      if (number > this.#number) wrong.push(`${name} never was ${number}`)
      if (number < (this.#last.get(name) ?? -1)) wrong.push(`${name} went back to ${number}`)
      this.#last.set(name, number)
    }
    return wrong
  }
}

const kindOf = (path: string) =>
  path === THINGS
    ? { apiVersion: 'reflected.test/v1', kind: KIND.kind }
    : { apiVersion: 'v1', kind: 'Namespace' }

function follow(t: Test, api: Api, path: string, written: Written, always?: string) {
  const counted = new Counted(api)
  const reflector = new Reflector({
    api: counted,
    path,
    project: numberOf,
    optional: path === THINGS,
    // So that fifty cuts take seconds; how far apart attempts are is tested elsewhere.
    backoff: { minMs: 10, maxMs: 200 },
  })
  const heard = { wrong: [] as string[], failures: [] as string[] }
  const abort = new AbortController()
  const run = reflector.run(
    {
      changed() {
        heard.wrong.push(...written.wrong(reflector.items))
        if (always !== undefined && !reflector.items.has(always)) heard.wrong.push(`${always} was missing`)
      },
      failed: ({ message }) => heard.failures.push(message),
    },
    abort.signal,
  )
  t.teardown(() => {
    abort.abort()
    return run
  })
  return { reflector, counted, heard }
}

t.test('what is known is what is there', async (t) => {
  const controlPlane = await boot(t)
  const { admin } = controlPlane
  const folder = await accountFolder(controlPlane)
  const proxy = await TcpProxy.start(t, Number(new URL(controlPlane.server).port))
  const login = await InClusterLogin.open({ host: LOOPBACK, port: String(proxy.port), folder })
  const client = new ApiClient(login, { version: 'test' })
  t.teardown(() => client.close())
  const written = new Written(controlPlane)
  const namespaces = follow(t, client, NAMESPACES, written, 'kube-system')
  const things = follow(t, client, THINGS, written)

  const listed = async (path: string) => {
    const { items } = (await admin.get(path)).body as { items: Numbered[] }
    return Object.fromEntries(items.map((item) => [item.metadata.name, numberOf(item)]))
  }
  /** Waits until a reflector knows what the API server lists, after a last change that it cannot have known before. */
  const settled = async (t: Test, { reflector, heard }: ReturnType<typeof follow>, path: string) => {
    await written.put(path, 'last')
    await until(`the change of ${path} to be known`, WITHIN_MS, signal, async () =>
      reflector.items.get('last') === written.number ? true : undefined,
    )
    t.strictSame(Object.fromEntries(reflector.items), await listed(path))
    t.strictSame(heard.wrong, [])
    t.ok(reflector.synced)
    await until('it to say that it follows', WITHIN_MS, signal, async () =>
      reflector.lostSince === undefined ? true : undefined,
    )
  }
  const change = async (name = `ns-${written.number % 7}`) => written.put(NAMESPACES, name)

  await t.test('at the start', async (t) => {
    for (let i = 0; i < 10; i++) await change(`ns-${i}`)
    await settled(t, namespaces, NAMESPACES)
    await until('it to be noticed that there are no things', WITHIN_MS, signal, async () =>
      things.reflector.synced ? true : undefined,
    )
    t.equal(things.reflector.items.size, 0)
    t.strictSame(things.heard.failures, [], 'a kind that is not installed is no failure')
  })

  await t.test(`while its connections are cut ${CUTS} times`, async (t) => {
    const stop = new AbortController()
    const writing = (async () => {
      while (!stop.signal.aborted) await change()
    })()
    const { lists } = namespaces.counted
    for (let cut = 0; cut < CUTS; cut++) {
      const { opened } = namespaces.counted
      proxy.cut()
      await until('a watch after the cut', WITHIN_MS, signal, async () =>
        namespaces.counted.opened > opened ? true : undefined,
      )
    }
    stop.abort()
    await writing
    await settled(t, namespaces, NAMESPACES)
    t.equal(namespaces.counted.lists, lists, 'a cut needs no new list')
  })

  await t.test('while the API server restarts', async (t) => {
    await controlPlane.restart('kube-apiserver', async () => {
      await until('it to say that it is lost', WITHIN_MS, signal, async () => namespaces.reflector.lostSince)
      t.ok(namespaces.reflector.items.has('ns-1'), 'what is known stays')
    })
    await change('ns-1')
    await settled(t, namespaces, NAMESPACES)
  })

  await t.test('while it is cut off, and its version is forgotten meanwhile', async (t) => {
    const { expired } = namespaces.counted
    await proxy.down(async () => {
      await change('ns-1')
      await written.remove('ns-3')
      await controlPlane.etcd.compact(await controlPlane.etcd.advance())
      await controlPlane.restart('kube-apiserver')
    })
    await settled(t, namespaces, NAMESPACES)
    t.ok(namespaces.counted.expired > expired, 'it was told so')
    t.notOk(namespaces.reflector.items.has('ns-3'), 'what was deleted meanwhile is gone')
  })

  await t.test('while etcd restarts, and forgets what was before', async (t) => {
    await change()
    await controlPlane.frozen('kube-apiserver', async () => {
      await controlPlane.restart('etcd')
      await controlPlane.etcd.advance()
      await controlPlane.etcd.compact(await controlPlane.etcd.advance())
    })
    await until('the API server to be ready', WITHIN_MS, signal, async () =>
      (await admin.get('/readyz')).status === 200 ? true : undefined,
    )
    await change('ns-2')
    await settled(t, namespaces, NAMESPACES)
  })

  await t.test('when a kind is installed, removed while it is followed, and installed again', async (t) => {
    const definition = `${apiPath('apiextensions.k8s.io/v1', 'customresourcedefinitions')}/things.${KIND.group}`
    for (const time of ['first', 'second']) {
      await defineKinds(admin, [KIND], signal)
      await written.put(THINGS, `${time}-thing`)
      await settled(t, things, THINGS)
      expectSuccess(await admin.send('DELETE', definition), 'removing the definition')
      await until('the definition to be gone', WITHIN_MS, signal, async () =>
        (await admin.get(definition)).status === 404 ? true : undefined,
      )
      await until('its objects to be gone', WITHIN_MS, signal, async () =>
        things.reflector.items.size === 0 ? true : undefined,
      )
      t.equal(things.reflector.synced, true)
    }
  })

  await t.test('and all the while', async (t) => {
    t.strictSame(namespaces.heard.wrong, [])
    t.strictSame(things.heard.wrong, [])
    const reasons = new Set([...namespaces.heard.failures, ...things.heard.failures])
    t.comment(`It was lost because of:\n${[...reasons].join('\n')}`)
  })
})
