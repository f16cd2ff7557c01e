/** Which changes of namespaces the API server tells tallyman of: those of our labels. */
import t from 'tap'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'
import { signal } from './programs.ts'
import { setUp } from './set-up.ts'

const NAMESPACES = apiPath('v1', 'namespaces')
const MODE = 'tallyman.dev/mode'
const WITHIN_MS = 30_000

const { controlPlane } = await setUp(t)
const { admin } = controlPlane

/** How often the API server has called the entry for namespaces, whatever came of it. */
async function calls(): Promise<number> {
  const lines = String((await admin.get('/metrics')).body).split('\n')
  return lines
    .filter((line) => line.startsWith('apiserver_admission_webhook_request_total{'))
    .filter((line) => line.includes('name="namespaces.tallyman.dev"'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

const labelled = (name: string, labels?: Record<string, string | null>) => ({ metadata: { name, labels } })
const created = (name: string, labels?: Record<string, string>) => () =>
  admin.create(NAMESPACES, labelled(name, labels))
const patched = (labels: Record<string, string | null>) => () =>
  admin.send('PATCH', `${NAMESPACES}/a`, labelled('a', labels))

/** In this order: each begins where the one before it ended. */
const changes: [what: string, change: () => Promise<{ status: number }>, told: boolean][] = [
  ['a namespace without labels', created('a'), false],
  ['one with a label of somebody else', created('b', { owner: 'b' }), false],
  ['one with a mode', created('c', { [MODE]: 'enforce' }), true],
  ['one with a mode that is empty', created('d', { [MODE]: '' }), true],
  ['a label of somebody else', patched({ owner: 'a' }), false],
  ['a mode', patched({ [MODE]: 'warn' }), true],
  ['a label of somebody else beside it', patched({ owner: 'b' }), false],
  ['the same mode', patched({ [MODE]: 'warn' }), false],
  ['another mode', patched({ [MODE]: 'enforce' }), true],
  ['a mode that is empty', patched({ [MODE]: '' }), true],
  ['no mode any more', patched({ [MODE]: null }), true],
  ['a day', patched({ 'tallyman.dev/enforce-from': '2026-12-07' }), true],
  ['a policy', patched({ 'tallyman.dev/policy': 'lab' }), true],
  [
    'what it is finalized by',
    () =>
      admin.send('PUT', `${NAMESPACES}/a/finalize`, {
        metadata: { name: 'a' },
        spec: { finalizers: ['kubernetes'] },
      }),
    false,
  ],
  ['its end', () => admin.send('DELETE', `${NAMESPACES}/c`), false],
]

t.test('the entry is in use', async () => {
  await until('the API server to tell of a mode', WITHIN_MS, signal, async () => {
    const before = await calls()
    await admin.create(`${NAMESPACES}?dryRun=All`, labelled('dry', { [MODE]: 'warn' }))
    return (await calls()) > before ? true : undefined
  })
})

for (const [what, change, told] of changes)
  t.test(`${what} is ${told ? 'told' : 'no concern of ours'}`, async (t) => {
    const before = await calls()
    const { status } = await change()
    t.ok(status < 300, `${status}`)
    t.equal((await calls()) - before, told ? 1 : 0)
  })

t.test('and no condition failed', async (t) => {
  t.notMatch(
    String((await admin.get('/metrics')).body),
    /^apiserver_admission_match_condition_evaluation_errors_total\{.*tallyman/m,
  )
})
