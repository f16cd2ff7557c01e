import t, { type Test } from 'tap'
import { CONFIGURATIONS_PATH } from '../../src/cluster/registration.ts'
import { WebhookCallers } from '../../src/cluster/webhook-callers.ts'
import { following } from './follow-listener.ts'
import { answer, refuse } from './scripted-api-server.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const service = (name: string, namespace = 'tallyman') => ({ service: { name, namespace } })
const WORKLOADS = 'image-tags.tallyman.dev'
const configuration = (...clientConfigs: object[]) => ({
  metadata: { name: 'tallyman', uid: 'u-1' },
  webhooks: clientConfigs.map((clientConfig, index) => ({
    name: index === 0 ? WORKLOADS : `entry-${index}`,
    clientConfig,
  })),
})
const FIELD = `ValidatingWebhookConfiguration tallyman: webhooks[${WORKLOADS}].clientConfig`

/** Callers whose webhook configuration is that. */
async function calling(t: Test, object?: ReturnType<typeof configuration>) {
  const {
    server,
    followed: callers,
    until,
  } = await following(
    t,
    CONFIGURATIONS_PATH,
    object === undefined ? [] : [object],
    (api) => new WebhookCallers({ api, namespace: 'tallyman', service: 'tallyman' }),
  )
  return { server, callers, read: () => until(() => callers.entries !== 'unread') }
}

t.test('nothing is known before it was read, and then that there is nothing', async (t) => {
  const { server, callers, read } = await calling(t)
  t.equal(callers.host, 'tallyman.tallyman.svc')
  t.equal(callers.entries, 'unread')
  await read()
  t.strictSame(callers.entries, [])
  t.equal(
    server.asked[0]?.query.get('fieldSelector'),
    'metadata.name=tallyman',
    'no other object is asked for',
  )
  t.equal(await callers.trust(new Map([[WORKLOADS, 'ca']])), false, 'and nothing is written')
})

t.test('what there is', async (t) => {
  const { callers, read } = await calling(
    t,
    configuration({ ...service('tallyman'), caBundle: base64('ca') }, service('tallyman')),
  )
  await read()
  t.match(callers.entries, [
    { name: WORKLOADS, primary: true, field: FIELD, caBundle: 'ca', elsewhere: undefined },
    { name: 'entry-1', primary: false, caBundle: '', elsewhere: undefined },
  ])
})

const elsewhere: [what: string, clientConfig: object, by: string, says: RegExp][] = [
  [
    'another Service',
    service('webhook'),
    'service',
    /webhooks\[image-tags\.tallyman\.dev\]\.clientConfig leads to the service webhook\.tallyman, not to the service tallyman\.tallyman .*--service/,
  ],
  [
    'another namespace',
    service('tallyman', 'other'),
    'service',
    /leads to the service tallyman\.other, not .*another installation in this cluster/,
  ],
  ['a URL', { url: 'https://127.0.0.1:8443' }, 'url', /leads to the url https:\/\/127\.0\.0\.1:8443, not/],
]
for (const [what, clientConfig, by, problem] of elsewhere)
  t.test(`an entry that leads to ${what}`, async (t) => {
    const { callers, read } = await calling(t, configuration(clientConfig, service('tallyman')))
    await read()
    t.match(callers.entries, [{ elsewhere: { by, problem } }, { name: 'entry-1', elsewhere: undefined }])
  })

t.test(
  'bundles are applied to the very object that was seen, and to no entry that is not named',
  async (t) => {
    const { server, callers, read } = await calling(
      t,
      configuration(service('tallyman'), service('tallyman')),
    )
    await read()
    server.script('PATCH', (response) => answer(response, 200, {}))
    t.equal(await callers.trust(new Map([[WORKLOADS, 'ca']])), true)
    const { path, query, body } = server.asked.at(-1) ?? {}
    t.equal(path, `${CONFIGURATIONS_PATH}/tallyman`)
    t.equal(query?.get('fieldManager'), 'tallyman')
    const { metadata, webhooks } = JSON.parse(body ?? '')
    t.match(metadata, { name: 'tallyman', uid: 'u-1', resourceVersion: /^\d+$/ })
    t.strictSame(webhooks, [{ name: WORKLOADS, clientConfig: { caBundle: base64('ca') } }])
  },
)

t.test('what may not be written is named', async (t) => {
  const { server, callers, read } = await calling(t, configuration(service('tallyman')))
  await read()
  server.script('PATCH', (response) => refuse(response, 403, 'Forbidden', 'it is forbidden'))
  await t.rejects(callers.trust(new Map([[WORKLOADS, 'ca']])), {
    message:
      'ValidatingWebhookConfiguration tallyman: cannot be written: it is forbidden; deploy/ gives tallyman the right',
  })
})
