import t from 'tap'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { mayList } from '../../src/cluster/subject-access.ts'
import { answer, refuse, type Script, ScriptedApiServer } from './scripted-api-server.ts'

const place = { namespace: 'team-a', group: 'apps', resource: 'deployments' }

const cases: [what: string, script: Script, allowed: boolean][] = [
  ['yes', (response) => answer(response, 201, { status: { allowed: true } }), true],
  ['no', (response) => answer(response, 201, { status: { allowed: false, reason: 'no role' } }), false],
  [
    'an answer that makes no sense',
    (response) => answer(response, 201, { status: { allowed: 'yes' } }),
    false,
  ],
  ['no right to ask', (response) => refuse(response, 403, 'Forbidden', 'no'), false],
  ['no answer', () => {}, false],
]
for (const [what, script, allowed] of cases) {
  t.test(what, async (t) => {
    const server = await ScriptedApiServer.start(t)
    const api = new ApiClient(server.login(), { version: '1.2.3' })
    t.teardown(() => api.close())
    server.script('POST', script)
    t.equal(await mayList(api, { username: 'dev', groups: ['team'] }, place), allowed)
    t.match(JSON.parse(server.asked[0]?.body ?? ''), {
      kind: 'SubjectAccessReview',
      spec: { user: 'dev', groups: ['team'], resourceAttributes: { verb: 'list', ...place } },
    })
  })
}

t.test('all that is known of a user decides', async (t) => {
  const server = await ScriptedApiServer.start(t)
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  t.teardown(() => api.close())
  server.script('POST', (response) => answer(response, 201, { status: { allowed: true } }))
  const extra = { 'example.com/scopes': ['user:info'] }
  await mayList(api, { username: 'dev', groups: ['team'], uid: 'u', extra }, place)
  t.strictSame(JSON.parse(server.asked[0]?.body ?? '').spec, {
    user: 'dev',
    groups: ['team'],
    uid: 'u',
    extra,
    resourceAttributes: { verb: 'list', ...place },
  })
})
