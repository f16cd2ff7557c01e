import t from 'tap'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { servedVersions } from '../../src/cluster/served-versions.ts'
import { answer, ScriptedApiServer } from './scripted-api-server.ts'

const version = (version: string) => ({ version, groupVersion: `x/${version}` })

const answers: [what: string, groups: unknown, expected: object][] = [
  ['none', [], {}],
  [
    'the preferred one first',
    [{ name: 'ray.io', versions: [version('v1alpha1'), version('v1')], preferredVersion: version('v1') }],
    { 'ray.io': ['v1', 'v1alpha1'] },
  ],
  ['a group that prefers none', [{ name: 'ray.io', versions: [version('v1')] }], { 'ray.io': ['v1'] }],
  [
    'what makes no sense',
    [null, 1, { name: 7 }, { name: 'a', versions: 'v1' }, { name: 'b', versions: [null, { version: 1 }] }],
    { a: [], b: [] },
  ],
]
for (const [what, groups, expected] of answers) {
  t.test(what, async (t) => {
    const server = await ScriptedApiServer.start(t)
    const api = new ApiClient(server.login(), { version: '1.2.3' })
    t.teardown(() => api.close())
    server.script('GET', (response) => answer(response, 200, { kind: 'APIGroupList', groups }))
    t.strictSame(Object.fromEntries(await servedVersions(api)), expected)
  })
}

t.test('an answer that is none', async (t) => {
  const server = await ScriptedApiServer.start(t)
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  t.teardown(() => api.close())
  server.script('GET', (response) => answer(response, 200, null))
  await t.rejects(servedVersions(api), {
    name: 'ApiError',
    message: '/apis: the answer is no list of groups',
  })
})
