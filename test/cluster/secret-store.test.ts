import t, { type Test } from 'tap'
import { SecretStore } from '../../src/cluster/secret-store.ts'
import { following } from './follow-listener.ts'
import { answer, refuse } from './scripted-api-server.ts'

const SECRETS = '/api/v1/namespaces/tallyman/secrets'
const DATA = { 'tls.crt': 'a', 'tls.key': 'b', 'ca.crt': 'c', 'ca.key': 'd' }
const base64 = (text: string) => Buffer.from(text).toString('base64')

const secret = (change: object = {}) => ({
  metadata: { name: 'kept', namespace: 'tallyman', labels: { 'app.kubernetes.io/managed-by': 'tallyman' } },
  type: 'kubernetes.io/tls',
  data: { 'tls.crt': base64('größe') },
  ...change,
})

/** A store that follows a Secret. */
async function storing(t: Test, object?: ReturnType<typeof secret>) {
  const {
    server,
    followed: store,
    until,
    ...others
  } = await following(
    t,
    SECRETS,
    object === undefined ? [] : [object],
    (api) => new SecretStore({ api, namespace: 'tallyman', secret: 'kept' }),
  )
  return { server, store, read: () => until(() => store.kept !== 'unread'), until, ...others }
}

t.test('nothing is known before it was read, and then that there is nothing', async (t) => {
  const { server, store, read } = await storing(t)
  t.equal(store.kept, 'unread')
  await read()
  t.equal(store.kept, undefined)
  t.match(server.asked[0]?.query.get('fieldSelector'), 'metadata.name=kept', 'no other object is asked for')
})

t.test('what there is', async (t) => {
  const { store, read } = await storing(t, secret())
  await read()
  t.match(store.kept, { data: { 'tls.crt': 'größe' }, version: /^\d+$/, foreign: undefined })
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
    const { store, read } = await storing(t, secret(change))
    await read()
    t.match(store.kept, { foreign: says })
  })

t.test('a Secret without data is ours to fill', async (t) => {
  const { store, read } = await storing(t, secret({ data: undefined }))
  await read()
  t.match(store.kept, { data: {}, foreign: undefined })
})

t.test('a first certificate makes the Secret', async (t) => {
  const { server, store, read } = await storing(t)
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
  const { server, store, read } = await storing(t, secret())
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

t.test('where somebody else was first, that is no fault', async (t) => {
  const { server, store, read } = await storing(t)
  await read()
  server.script('POST', (response) => refuse(response, 409, 'AlreadyExists', 'no'))
  t.equal(await store.keep(DATA, undefined), false)
})

t.test('what may not be written is named', async (t) => {
  const { server, store, read } = await storing(t)
  await read()
  server.script('POST', (response) => refuse(response, 403, 'Forbidden', 'secrets is forbidden'))
  await t.rejects(store.keep(DATA, undefined), {
    message:
      'Secret tallyman/kept: cannot be written: secrets is forbidden; deploy/ gives tallyman the right',
  })
})
