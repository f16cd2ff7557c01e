import { EventEmitter, once } from 'node:events'
import t, { type Test } from 'tap'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { ClusterStore } from '../../src/cluster/certificate-store.ts'
import { CONFIGURATIONS_PATH } from '../../src/cluster/registration.ts'
import { answer, refuse, ScriptedApiServer } from './scripted-api-server.ts'

const SECRETS = '/api/v1/namespaces/tallyman/secrets'
const DATA = { 'tls.crt': 'a', 'tls.key': 'b', 'ca.crt': 'c', 'ca.key': 'd' }
const base64 = (text: string) => Buffer.from(text).toString('base64')

const secret = (change: object = {}) => ({
  metadata: { name: 'kept', namespace: 'tallyman', labels: { 'app.kubernetes.io/managed-by': 'tallyman' } },
  type: 'kubernetes.io/tls',
  data: { 'tls.crt': base64('größe') },
  ...change,
})
const service = (name: string, namespace = 'tallyman') => ({ service: { name, namespace } })
const configuration = (...clientConfigs: object[]) => ({
  metadata: { name: 'tallyman', uid: 'u-1' },
  webhooks: clientConfigs.map((clientConfig, index) => ({ name: `entry-${index}`, clientConfig })),
})

/** A store that follows a cluster with these objects. */
async function following(
  t: Test,
  objects: { secret?: ReturnType<typeof secret>; configuration?: ReturnType<typeof configuration> } = {},
) {
  const server = await ScriptedApiServer.start(t, SECRETS, CONFIGURATIONS_PATH)
  if (objects.secret) server.store.put(SECRETS, objects.secret)
  if (objects.configuration) server.store.put(CONFIGURATIONS_PATH, objects.configuration)
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  const store = new ClusterStore({ api, namespace: 'tallyman', secret: 'kept', service: 'tallyman' })
  const events = new EventEmitter()
  const failures: string[] = []
  const stop = new AbortController()
  const run = store.follow(
    {
      changed: () => events.emit('event'),
      failed: ({ message }) => {
        failures.push(message)
        events.emit('event')
      },
    },
    stop.signal,
  )
  t.teardown(async () => {
    stop.abort()
    await run
    api.close()
  })
  const until = async (condition: () => boolean) => {
    while (!condition()) await once(events, 'event')
  }
  const read = () => until(() => store.kept !== 'unread' && store.entries !== 'unread')
  return { server, store, failures, until, read }
}

t.test('nothing is known before it was read, and then that there is nothing', async (t) => {
  const { server, store, read } = await following(t)
  t.equal(store.kept, 'unread')
  t.equal(store.entries, 'unread')
  await read()
  t.equal(store.kept, undefined)
  t.strictSame(store.entries, [])
  t.strictSame(
    new Set(server.asked.map(({ query }) => query.get('fieldSelector'))),
    new Set(['metadata.name=kept', 'metadata.name=tallyman']),
    'no other object is asked for',
  )
})

t.test('what there is', async (t) => {
  const { store, read } = await following(t, {
    secret: secret(),
    configuration: configuration({ ...service('tallyman'), caBundle: base64('ca') }, service('tallyman')),
  })
  await read()
  t.match(store.kept, { data: { 'tls.crt': 'größe' }, version: /^\d+$/, foreign: undefined })
  t.strictSame(store.entries, [
    { name: 'entry-0', caBundle: 'ca' },
    { name: 'entry-1', caBundle: '' },
  ])
})

const foreignSecrets: [what: string, change: object, says: RegExp][] = [
  [
    'of somebody else',
    { metadata: { name: 'kept', namespace: 'tallyman' } },
    /^Secret tallyman\/kept: metadata\.labels has no app\.kubernetes\.io\/managed-by: tallyman, .*delete it, or .*--certificate-secret/,
  ],
  [
    'of another type',
    { type: 'Opaque' },
    /^Secret tallyman\/kept: type is Opaque, .* has to be kubernetes\.io\/tls; delete it/,
  ],
]
for (const [what, change, says] of foreignSecrets)
  t.test(`a Secret ${what}`, async (t) => {
    const { store, read } = await following(t, { secret: secret(change) })
    await read()
    t.match(store.kept, { foreign: says })
  })

t.test('a Secret without data is ours to fill', async (t) => {
  const { store, read } = await following(t, { secret: secret({ data: undefined }) })
  await read()
  t.match(store.kept, { data: {}, foreign: undefined })
})

const foreignEntries: [what: string, clientConfig: object, says: RegExp][] = [
  [
    'another Service',
    service('webhook'),
    /webhooks\[entry-0\]\.clientConfig leads to the service webhook\.tallyman, not to the service tallyman\.tallyman .*--service/,
  ],
  [
    'another namespace',
    service('tallyman', 'other'),
    /leads to the service tallyman\.other, not .*another installation in this cluster/,
  ],
  ['a URL', { url: 'https://127.0.0.1:8443' }, /leads to the url https:\/\/127\.0\.0\.1:8443, not/],
]
for (const [what, clientConfig, says] of foreignEntries)
  t.test(`an entry that leads to ${what}`, async (t) => {
    const { server, store, read } = await following(t, {
      configuration: configuration(clientConfig, service('tallyman')),
    })
    await read()
    t.match(store.entries, [{ foreign: says }, { name: 'entry-1', foreign: undefined }])
    server.script('PATCH', (response) => answer(response, 200, {}))
    await store.trust('ca')
    t.strictSame(
      JSON.parse(server.asked.at(-1)?.body ?? '').webhooks,
      [{ name: 'entry-1', clientConfig: { caBundle: base64('ca') } }],
      'it is left alone',
    )
  })

t.test('a first certificate makes the Secret', async (t) => {
  const { server, store, read } = await following(t)
  await read()
  server.script('POST', (response) => answer(response, 201, {}))
  t.equal(await store.keep(DATA, undefined), true)
  t.match(server.asked.at(-1), { method: 'POST', path: SECRETS })
  t.match(JSON.parse(server.asked.at(-1)?.body ?? ''), {
    metadata: { name: 'kept', labels: { 'app.kubernetes.io/managed-by': 'tallyman' } },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': base64('a'), 'ca.key': base64('d') },
  })
})

t.test('a later one changes what it was made for, and nothing else of the Secret', async (t) => {
  const { server, store, read } = await following(t, { secret: secret() })
  await read()
  const { kept } = store
  if (kept === undefined || kept === 'unread') throw new Error('there is one')
  // It changes meanwhile: what was decided on is what counts.
  server.store.put(SECRETS, secret({ data: {} }))
  server.script('PATCH', (response) => answer(response, 200, {}))
  t.equal(await store.keep(DATA, kept), true)
  const { path, body } = server.asked.findLast(({ method }) => method === 'PATCH') ?? {}
  t.equal(path, `${SECRETS}/kept`)
  t.strictSame(Object.keys(JSON.parse(body ?? '')), ['metadata', 'data'])
  t.strictSame(JSON.parse(body ?? '').metadata, { resourceVersion: kept.version })
})

t.test('a CA is applied to the very object that was seen', async (t) => {
  const { server, store, read } = await following(t, { configuration: configuration(service('tallyman')) })
  await read()
  server.script('PATCH', (response) => answer(response, 200, {}))
  t.equal(await store.trust('ca'), true)
  const { path, query, body } = server.asked.at(-1) ?? {}
  t.equal(path, `${CONFIGURATIONS_PATH}/tallyman`)
  t.equal(query?.get('fieldManager'), 'tallyman')
  t.match(JSON.parse(body ?? ''), {
    metadata: { name: 'tallyman', uid: 'u-1', resourceVersion: /^\d+$/ },
    webhooks: [{ name: 'entry-0', clientConfig: { caBundle: base64('ca') } }],
  })
})

t.test('where somebody else was first, that is no fault', async (t) => {
  const { server, store, read } = await following(t, { configuration: configuration(service('tallyman')) })
  await read()
  for (const [status, reason] of [
    [409, 'AlreadyExists'],
    [404, 'NotFound'],
  ] as const) {
    server.script('POST', (response) => refuse(response, status, reason, 'no'))
    t.equal(await store.keep(DATA, undefined), false)
    server.script('PATCH', (response) => refuse(response, status, reason, 'no'))
    t.equal(await store.trust('ca'), false)
  }
})

t.test('what may not be written is named', async (t) => {
  const { server, store, read } = await following(t, { configuration: configuration(service('tallyman')) })
  await read()
  server.script('POST', (response) => refuse(response, 403, 'Forbidden', 'secrets is forbidden'))
  await t.rejects(store.keep(DATA, undefined), {
    message:
      'Secret tallyman/kept: cannot be written: secrets is forbidden; deploy/ gives tallyman the right',
  })
  server.script('PATCH', (response) => refuse(response, 403, 'Forbidden', 'it is forbidden'))
  await t.rejects(store.trust('ca'), {
    message:
      'ValidatingWebhookConfiguration tallyman: cannot be written: it is forbidden; deploy/ gives tallyman the right',
  })
})

t.test('what may not be read is named', async (t) => {
  const server = await ScriptedApiServer.start(t)
  for (let times = 0; times < 20; times++)
    server.script('GET', (response, { path }) => refuse(response, 403, 'Forbidden', `${path} is forbidden`))
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  const store = new ClusterStore({ api, namespace: 'tallyman', secret: 'kept', service: 'tallyman' })
  const stop = new AbortController()
  const failures: string[] = []
  const run = store.follow(
    {
      changed() {},
      failed: ({ message }) => {
        failures.push(message)
        if (failures.length === 2) stop.abort()
      },
    },
    stop.signal,
  )
  await run
  api.close()
  t.strictSame(failures.sort(), [
    `Secret tallyman/kept: cannot be read: ${SECRETS} is forbidden`,
    `ValidatingWebhookConfiguration tallyman: cannot be read: ${CONFIGURATIONS_PATH} is forbidden`,
  ])
})
