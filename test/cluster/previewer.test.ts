import t, { type Test } from 'tap'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { type PreviewBounds, Previewer } from '../../src/cluster/previewer.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { withMode } from '../../src/policy/with-mode.ts'
import { pod, templated } from '../preview/objects.ts'
import type { TestObject } from './object-store.ts'
import { refuse, ScriptedApiServer } from './scripted-api-server.ts'

const PODS = '/api/v1/pods'
const JOBS = '/apis/batch/v1/jobs'
const ENFORCE = withMode(builtInPolicy(), 'enforce')
const CHANGE = {
  before: (name: string) => ({ policy: builtInPolicy(), namespace: { name, labels: {} } }),
  after: (name: string) => ({ policy: ENFORCE, namespace: { name, labels: {} } }),
  now: new Date('2026-11-27T12:00:00Z'),
}

/** Patient, because the machine may be busy. */
const BOUNDS: Partial<PreviewBounds> = { timeMs: 60_000, pageSize: 10 }

async function previewing(t: Test, bounds: Partial<PreviewBounds> = {}) {
  const server = await ScriptedApiServer.start(t, PODS, JOBS)
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  t.teardown(() => api.close())
  for (let index = 0; index < 30; index++) server.store.put(PODS, pod(`p${index}`, 'nginx') as TestObject)
  server.store.put(JOBS, templated('exp', 'nginx:1.25') as TestObject)
  return { server, previewer: new Previewer(api, () => ENFORCE.cluster.kinds, { ...BOUNDS, ...bounds }) }
}

t.test('what a change would deny', async (t) => {
  const { previewer } = await previewing(t)
  t.match(await previewer.preview(CHANGE), {
    read: 31,
    breakages: { length: 31 },
    stopped: undefined,
    unread: [],
  })
})

t.test('it stops at its bounds, and says so', async (t) => {
  const { previewer } = await previewing(t, { objects: 12 })
  t.match(await previewer.preview(CHANGE), { read: 12, stopped: 'objects' })
  const slow = await previewing(t, { timeMs: 0 })
  t.match(await slow.previewer.preview(CHANGE), { stopped: 'time' })
})

t.test('an API server that says nothing is not waited for', async (t) => {
  const { server, previewer } = await previewing(t, { timeMs: 100 })
  server.script('list', () => {})
  t.match(await previewer.preview(CHANGE), { stopped: 'time' })
})

t.test('what the API server does not ask about is in no danger', async (t) => {
  const { server, previewer } = await previewing(t)
  server.store.put(PODS, pod('dns', 'nginx', { namespace: 'kube-system' }) as TestObject)
  const found = await previewer.preview(CHANGE)
  t.equal(found?.breakages.length, 31)
  t.notOk(found?.namespaces.has('kube-system'))
})

/** The most calls that were made while nothing else had its turn. */
async function mostInOneGo(counted: { calls: number }, work: () => Promise<unknown>): Promise<number> {
  let most = 0
  let before = counted.calls
  let over = false
  const verdict = () => {
    most = Math.max(most, counted.calls - before)
    before = counted.calls
    if (!over) setImmediate(verdict)
  }
  setImmediate(verdict)
  await work()
  over = true
  return most
}

t.test('verdicts have their turn', async (t) => {
  const { previewer } = await previewing(t, { pageSize: 500 })
  await t.test('after each object of a page', async (t) => {
    // Asked once for each object that would be denied.
    const judged = { calls: 0 }
    const before: typeof CHANGE.before = (name) => {
      judged.calls += 1
      return CHANGE.before(name)
    }
    t.equal(await mostInOneGo(judged, () => previewer.preview({ ...CHANGE, before })), 1)
    t.equal(judged.calls, 31)
  })
  await t.test('while it is found out which of many namespaces count', async (t) => {
    const asked = { calls: 0 }
    const after: typeof CHANGE.after = (name) => {
      asked.calls += 1
      return CHANGE.after(name)
    }
    const namespaces = Array.from({ length: 50_000 }, (_, index) => `team-${index}`)
    const most = await mostInOneGo(asked, () => previewer.preview({ ...CHANGE, after, namespaces }))
    t.ok(asked.calls >= namespaces.length)
    t.ok(most < namespaces.length / 2, `at the latest after ${most} namespaces`)
  })
})

t.test('one at a time', async (t) => {
  const { previewer } = await previewing(t)
  const first = previewer.preview(CHANGE)
  t.equal(await previewer.preview(CHANGE), undefined)
  t.equal((await first)?.read, 31)
  t.equal((await previewer.preview(CHANGE))?.read, 31, 'and then the next')
})

t.test('where workloads may not be listed, nobody is asked twice', async (t) => {
  const { server, previewer } = await previewing(t)
  for (let times = 0; times < 2; times++)
    server.script('list', (response) => refuse(response, 403, 'Forbidden', 'cannot list resource'))
  t.equal(await previewer.preview(CHANGE), undefined)
  const asked = server.asked.length
  t.equal(await previewer.preview(CHANGE), undefined)
  t.equal(server.asked.length, asked)
})

t.test('what fails but once is asked again', async (t) => {
  const { server, previewer } = await previewing(t)
  for (let times = 0; times < 2; times++)
    server.script('list', (response) => refuse(response, 503, 'ServiceUnavailable', 'etcd is away'))
  t.equal(await previewer.preview(CHANGE), undefined, 'nothing was read')
  t.match(await previewer.preview(CHANGE), { read: 31 })
})

t.test('whatever goes wrong, it does not reject', async (t) => {
  const { server, previewer } = await previewing(t)
  await server.stop()
  t.equal(await previewer.preview(CHANGE), undefined)
})
