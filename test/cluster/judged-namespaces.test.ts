import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { parseAllDocuments } from 'yaml'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { isJudged, judgedAsInstalled, judgedNamespaces } from '../../src/cluster/judged-namespaces.ts'
import { WORKLOADS_ENTRY } from '../../src/cluster/registration.ts'
import { answer, refuse, type Script, ScriptedApiServer } from './scripted-api-server.ts'

async function judging(t: Test, script: Script) {
  const server = await ScriptedApiServer.start(t)
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  t.teardown(() => api.close())
  server.script('GET', script)
  const judged = await judgedNamespaces(api)
  return (name: string, labels: Record<string, string> = {}) => judged({ name, labels })
}

const answering =
  (namespaceSelector: unknown): Script =>
  (response) =>
    answer(response, 200, {
      webhooks: [
        null,
        { name: 'other', namespaceSelector: {} },
        { name: WORKLOADS_ENTRY, namespaceSelector },
      ],
    })

const expression = (key: string, operator: string, values?: string[]) => ({
  matchExpressions: [{ key, operator, ...(values && { values }) }],
})

const selectors: [what: string, selector: unknown, judged: string[]][] = [
  ['nothing is left out', {}, ['team-a', 'lab']],
  ['by name', expression('kubernetes.io/metadata.name', 'NotIn', ['lab']), ['team-a']],
  ['some names alone', expression('kubernetes.io/metadata.name', 'In', ['lab']), ['lab']],
  ['a label', { matchLabels: { stage: 'prod' } }, ['team-a']],
  ['a label that is there', expression('stage', 'Exists'), ['team-a']],
  ['one that is not', expression('stage', 'DoesNotExist'), ['lab']],
  ['NotIn holds where there is no label', expression('stage', 'NotIn', ['test']), ['team-a', 'lab']],
  ['In does not', expression('stage', 'In', ['prod', 'test']), ['team-a']],
  ['an operator of a later day leaves nothing out', expression('stage', 'Newer'), ['team-a', 'lab']],
]
for (const [what, selector, expected] of selectors) {
  t.test(what, async (t) => {
    const judged = await judging(t, answering(selector))
    const namespaces: [name: string, labels: Record<string, string>][] = [
      ['team-a', { stage: 'prod' }],
      ['lab', {}],
    ]
    const found = namespaces.filter(([name, labels]) => judged(name, labels)).map(([name]) => name)
    t.strictSame(found, expected)
    t.ok(judged(''), 'no selector is about objects of cluster scope')
  })
}

const unknown: [what: string, script: Script][] = [
  ['where it is not installed', (response) => refuse(response, 404, 'NotFound', 'not found')],
  ['where it may not be read', (response) => refuse(response, 403, 'Forbidden', 'cannot get resource')],
  ['where it has no entry', (response) => answer(response, 200, { webhooks: 'none' })],
]
for (const [what, script] of unknown) {
  t.test(`${what}, what deploy/ leaves out is left out`, async (t) => {
    const judged = await judging(t, script)
    const path = new URL('../../deploy/base/webhook/validating-webhook-configuration.yaml', import.meta.url)
    const [configuration] = parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS())
    const { namespaceSelector } = configuration.webhooks.find(
      ({ name }: { name: string }) => name === WORKLOADS_ENTRY,
    )
    const [{ values }] = namespaceSelector.matchExpressions
    t.strictSame(
      ['team-a', 'default', ...values].filter((name) => !judged(name)),
      values,
    )
    for (const name of ['team-a', ...values])
      t.equal(judgedAsInstalled({ name, labels: {} }), judged(name), `${name}, where no cluster is asked`)
  })
}

t.test('of one namespace; where nobody can say, it is judged', async (t) => {
  const server = await ScriptedApiServer.start(t)
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  t.teardown(() => api.close())
  const lab = { name: 'lab', labels: {} }
  server.script('GET', answering(expression('kubernetes.io/metadata.name', 'NotIn', ['lab'])))
  t.notOk(await isJudged(api, lab))
  server.script('GET', (response) => void response.destroy())
  t.ok(await isJudged(api, lab))
})

t.test('an API server that does not answer', async (t) => {
  await t.rejects(
    judging(t, (response) => void response.destroy()),
    { name: 'ApiError', status: 0 },
  )
})
