import t from 'tap'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { NamespaceLookup } from '../../src/cluster/namespace-lookup.ts'
import { answer, ScriptedApiServer } from './scripted-api-server.ts'

// What its answers are worth is tested with ClusterPolicies.
/** Patient, because the machine may be busy. */
const PATIENT_MS = 60_000

async function lookingUp(t: Parameters<typeof ScriptedApiServer.start>[0], deadlineMs = PATIENT_MS) {
  const server = await ScriptedApiServer.start(t)
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  t.teardown(() => api.close())
  return { server, lookup: new NamespaceLookup(api, deadlineMs) }
}

t.test('a name cannot lead elsewhere', async (t) => {
  const { server, lookup } = await lookingUp(t)
  server.script('GET', (response) => answer(response, 200, { metadata: { name: 'a' } }))
  await lookup.read('../../secrets')
  t.equal(server.asked[0]?.path, '/api/v1/namespaces/..%2F..%2Fsecrets')
})

t.test('an API server that says nothing is not waited for', async (t) => {
  const { server, lookup } = await lookingUp(t, 50)
  server.script('GET', () => {})
  await t.rejects(lookup.read('a'), { name: 'ApiError', status: 0 })
})

t.test('so many at once, and no more', async (t) => {
  const { server, lookup } = await lookingUp(t)
  const waiting = Array.from({ length: 50 }, (_, index) => {
    server.script('GET', (response, { path }) =>
      answer(response, 200, { metadata: { name: path.split('/').at(-1) } }),
    )
    return lookup.read(`n${index}`)
  })
  await t.rejects(lookup.read('one-more'), /too many/)
  t.equal((await Promise.all(waiting)).length, 50)
})
