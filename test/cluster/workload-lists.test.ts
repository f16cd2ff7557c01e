import t, { type Test } from 'tap'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { type ListsOptions, resourceName, workloadPages } from '../../src/cluster/workload-lists.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import { answer, refuse, ScriptedApiServer } from './scripted-api-server.ts'

const PODS = '/api/v1/pods'
const DEPLOYMENTS = '/apis/apps/v1/deployments'
const RAY_JOBS = '/apis/ray.io/v1alpha1/rayjobs'
const kinds = kindsTable().all.filter(({ kind }) => ['Pod', 'Deployment', 'RayJob'].includes(kind))

const object = (namespace: string, name: string) => ({ metadata: { namespace, name } })

async function cluster(t: Test, ...paths: string[]) {
  const server = await ScriptedApiServer.start(t, ...paths)
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  t.teardown(() => api.close())
  const read = async ({ pageRead, ...options }: Partial<ListsOptions> & { pageRead?: () => void } = {}) => {
    const found: string[] = []
    for await (const page of workloadPages(api, kinds, { pageSize: 2, ...options })) {
      pageRead?.()
      if ('unread' in page) {
        const { resource, reason, forbidden } = page.unread
        found.push(`${resource}: ${reason}${forbidden ? ' (forbidden)' : ''}`)
      } else
        found.push(
          `${page.kind.kind} ${(page.items as ReturnType<typeof object>[]).map(({ metadata }) => metadata.name).join(' ')}`,
        )
    }
    return found.sort()
  }
  return { server, read }
}

t.test('the kinds that are there, page by page; the others are no news', async (t) => {
  const { server, read } = await cluster(t, PODS, DEPLOYMENTS)
  for (const name of ['a', 'b', 'c']) server.store.put(PODS, object('team-a', name))
  server.store.put(DEPLOYMENTS, object('team-a', 'web'))
  t.strictSame(await read(), ['Deployment web', 'Pod a b', 'Pod c'])
  t.ok(
    server.asked.every(({ query }) => !query.has('resourceVersion')),
    'a limit counts for nothing beside resourceVersion=0',
  )
})

t.test('custom resources in the version that the API server prefers', async (t) => {
  const { server, read } = await cluster(t, PODS, RAY_JOBS)
  server.store.put(RAY_JOBS, object('team-a', 'train'))
  t.strictSame(await read(), ['Pod ', 'RayJob train'])
})

t.test('in another one, where that does not have the kind', async (t) => {
  const { server, read } = await cluster(t, '/apis/ray.io/v1/rayclusters', PODS, RAY_JOBS)
  server.store.put(RAY_JOBS, object('team-a', 'train'))
  t.strictSame(await read(), ['Pod ', 'RayJob train'])
  t.equal(server.asked.filter(({ path }) => path === '/apis').length, 1, 'asked once')
})

t.test('a few namespaces are read by themselves', async (t) => {
  const paths = ['/api/v1/namespaces/a/pods', '/api/v1/namespaces/b/pods']
  const { server, read } = await cluster(t, ...paths)
  for (const [index, path] of paths.entries())
    server.store.put(path, object(['a', 'b'][index] ?? '', `pod-${index}`))
  t.strictSame(await read({ namespaces: new Set(['a', 'b']) }), ['Pod pod-0', 'Pod pod-1'])
  t.ok(server.asked.some(({ path }) => path === paths[1]))
  t.notOk(server.asked.some(({ path }) => path === PODS))
})

t.test('many are picked out of a list of all', async (t) => {
  const { server, read } = await cluster(t, PODS)
  for (let index = 0; index < 40; index++) server.store.put(PODS, object(`n${index}`, `p${index}`))
  const namespaces = new Set(Array.from({ length: 30 }, (_, index) => `n${index}`))
  const found = (await read({ namespaces, pageSize: 50 })).join(' ')
  t.match(found, /\bp29\b/)
  t.notMatch(found, /\bp30\b/)
})

t.test('many are read one by one for whoever is refused a list of all', async (t) => {
  const namespaces = new Set(Array.from({ length: 30 }, (_, index) => `n${index}`))
  const paths = [...namespaces].map((name) => `/api/v1/namespaces/${name}/pods`)
  const { server, read } = await cluster(t, PODS, ...paths)
  server.store.put(paths[29] ?? '', object('n29', 'mine'))
  const refusing = () =>
    server.script('list', (response) => refuse(response, 403, 'Forbidden', 'cannot list resource'))
  refusing()
  t.strictSame(await read({ namespaces }), ['pods: cannot list resource (forbidden)'])
  refusing()
  const found = await read({ namespaces, singlyIfRefused: true })
  t.match(found.join('\n'), /^Pod mine$/m)
  t.notMatch(found.join('\n'), 'cannot list')
})

t.test('namespaces that do not count are left out of what is read', async (t) => {
  const { server, read } = await cluster(t, PODS)
  for (const name of ['team-a', 'kube-system']) server.store.put(PODS, object(name, `of-${name}`))
  t.strictSame(await read({ counts: (name) => name !== 'kube-system' }), ['Pod of-team-a'])
})

t.test('what may not be read is told of, and the rest is read', async (t) => {
  const paths = ['/api/v1/namespaces/a/pods', '/api/v1/namespaces/b/pods']
  const { server, read } = await cluster(t, ...paths, DEPLOYMENTS)
  server.store.put('/api/v1/namespaces/b/pods', object('b', 'mine'))
  server.script('list', (response) => refuse(response, 403, 'Forbidden', 'cannot list resource'))
  t.strictSame(await read({ namespaces: new Set(['a', 'b']) }), [
    'Pod mine',
    'pods: cannot list resource (forbidden)',
  ])
})

t.test('so is a list that grows too old while it is read', async (t) => {
  const { server, read } = await cluster(t, PODS, RAY_JOBS)
  for (const name of ['a', 'b', 'c']) server.store.put(PODS, object('team-a', name))
  server.store.put(RAY_JOBS, object('team-a', 'train'))
  const found = await read({ pageRead: () => server.store.compact() })
  t.match(found, [
    'Pod a b',
    'RayJob train',
    /^pods: its list grew too old while it was read, and a part is missing: The provided continue parameter/,
  ])
})

t.test('an API server that breaks off is an error', async (t) => {
  const { server, read } = await cluster(t, PODS, DEPLOYMENTS)
  server.script('list', (response) => void response.destroy())
  await t.rejects(read(), { name: 'ApiError', status: 0 })
})

t.test('so is a stop', async (t) => {
  const { server, read } = await cluster(t, PODS)
  const stop = new AbortController()
  server.script('list', (response) => {
    stop.abort()
    answer(response, 200, { metadata: {}, items: [] })
  })
  await t.rejects(read({ signal: stop.signal }))
})

t.test('names as kubectl gives them', async (t) => {
  t.strictSame(kinds.map(resourceName).sort(), ['deployments.apps', 'pods', 'rayjobs.ray.io'])
})
