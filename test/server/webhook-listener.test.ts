import { once } from 'node:events'
import { Agent, type RequestOptions } from 'node:https'
import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'
import t from 'tap'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { checkPair } from '../../src/certificates/pair.ts'
import { MAX_BODY_BYTES, MAX_VALUES } from '../../src/server/bounds.ts'
import type { WebhookListener } from '../../src/server/webhook-listener.ts'
import { view } from '../admission/views.ts'
import { certificates, HOST, listening, namespaceReview, podReview, policyReview, post } from './listening.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

t.test('a fixed tag is allowed, and the answer carries the uid', async (t) => {
  const { port, told } = await listening(t)
  const { status, headers, text } = await post(
    port,
    JSON.stringify(podReview('registry.example.com/app:1.2.3')),
  )
  t.equal(status, 200)
  t.match(headers['content-type'], /^application\/json/)
  t.match(JSON.parse(text), {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid: 'c0ffee00-0000-4000-8000-000000000001', allowed: true },
  })
  t.strictSame(told.verdicts, [{ uid: 'c0ffee00-0000-4000-8000-000000000001', outcome: 'allowed' }])
})

t.test('a moving tag is denied', async (t) => {
  const { port, told } = await listening(t)
  const { status, text } = await post(port, JSON.stringify(podReview('registry.example.com/app:latest')))
  t.equal(status, 200, 'a denial is an answer')
  const { response } = JSON.parse(text)
  t.match(response, { allowed: false, status: { code: 403, reason: 'Forbidden' } })
  t.match(told.verdicts, [{ outcome: 'denied' }])
})

t.test('a policy with a mistake is denied, and a label gets a word', async (t) => {
  const { port, told } = await listening(t, { cluster: view({ default: { mode: 'enforce' } }) })
  const policy = await post(port, JSON.stringify(policyReview({ mode: 'enforc' })), {
    path: '/validate-policy?timeout=5s',
  })
  t.equal(policy.status, 200, 'a denial is an answer')
  t.match(JSON.parse(policy.text), {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: {
      uid: 'c0ffee00-0000-4000-8000-000000000002',
      allowed: false,
      status: {
        code: 422,
        reason: 'Invalid',
        details: { name: 'default', causes: [{ field: 'spec.mode' }] },
      },
    },
  })
  const namespace = await post(port, JSON.stringify(namespaceReview({ 'tallyman.dev/mode': 'warn' })), {
    path: '/validate-namespace?timeout=5s',
  })
  t.strictSame(JSON.parse(namespace.text).response, {
    uid: 'c0ffee00-0000-4000-8000-000000000003',
    allowed: true,
    warnings: ['Namespace/team-a: warn (label tallyman.dev/mode, TagPolicy default)'],
  })
  t.strictSame(told.changes, [
    { entry: 'policies', uid: 'c0ffee00-0000-4000-8000-000000000002', outcome: 'denied' },
    { entry: 'namespaces', uid: 'c0ffee00-0000-4000-8000-000000000003', outcome: 'warned' },
  ])
  t.strictSame(told.verdicts, [])
})

t.test('the other entries refuse as the first one does', async (t) => {
  const { listener, port, told } = await listening(t, { cluster: view() })
  for (const path of ['/validate-policy', '/validate-namespace']) {
    const wrong: [body: string | Buffer | undefined, options: RequestOptions, status: number][] = [
      ['{', {}, 400],
      ['', {}, 400],
      ['{}', { headers: {} }, 415],
      [undefined, { method: 'GET' }, 405],
      [Buffer.alloc(MAX_BODY_BYTES + 1, ' '), {}, 413],
    ]
    for (const [body, options, status] of wrong)
      t.equal((await post(port, body, { path, ...options })).status, status, `${path}: ${status}`)
    t.match((await post(port, undefined, { path, method: 'GET' })).text, `GET is not for ${path};`)
  }
  t.strictSame(told.changes, [])
  t.equal(listener.budget.bytes, 0)
})

t.test('without a cluster the other entries are not there', async (t) => {
  const { port } = await listening(t)
  for (const path of ['/validate-policy', '/validate-namespace'])
    t.equal((await post(port, JSON.stringify(policyReview({})), { path })).status, 404)
})

t.test('a fault of ours in them is a 500, and the failurePolicy lets the change pass', async (t) => {
  const broken = { ...view(), preview: () => Promise.reject(new Error('out of order')) }
  const { port, told } = await listening(t, { cluster: broken })
  const labelled = JSON.stringify(namespaceReview({ 'tallyman.dev/mode': 'enforce' }))
  t.equal((await post(port, labelled, { path: '/validate-namespace' })).status, 500)
  t.match(told.faults, [{ error: { message: 'out of order' }, uid: 'c0ffee00-0000-4000-8000-000000000003' }])
})

const refused: [
  what: string,
  body: string | Buffer | undefined,
  options: RequestOptions,
  status: number,
  reason: string,
  text: RegExp,
][] = [
  ['a truncated body', '{"apiVersion":', {}, 400, 'bad_json', /is not JSON/],
  ['no JSON at all', 'hello', {}, 400, 'bad_json', /is not JSON/],
  ['terminal escapes in what is no JSON', '\u001b[2J\u202e', {}, 400, 'bad_json', /^[\x20-\x7e]+\n$/],
  ['an empty body', '', {}, 400, 'empty', /no body/],
  ['JSON that is no review', '{"kind":"Pod"}', {}, 400, 'bad_review', /AdmissionReview/],
  ['JSON null', 'null', {}, 400, 'bad_review', /not null/],
  ['a list', '[]', {}, 400, 'bad_review', /not a list/],
  ['lists a million deep', `${'['.repeat(1e6)}${']'.repeat(1e6)}`, {}, 400, 'bad_review', /not a list/],
  ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}, 400, 'bad_utf8', /not UTF-8/],
  ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), {}, 400, 'bad_utf8', /not UTF-8/],
  [
    'another content type',
    '{}',
    { headers: { 'content-type': 'application/yaml' } },
    415,
    'content_type',
    /application\/yaml/,
  ],
  ['no content type', '{}', { headers: {} }, 415, 'content_type', /no Content-Type/],
  ['a content type that is none', '{}', { headers: { 'content-type': ';;' } }, 415, 'content_type', /;;/],
  ['another method', undefined, { method: 'GET' }, 405, 'method', /POST/],
  ['a PUT', '{}', { method: 'PUT' }, 405, 'method', /POST/],
  ['another path', '{}', { path: '/mutate' }, 404, 'path', /\/validate/],
  ['no path', undefined, { method: 'GET', path: '/' }, 404, 'path', /\/validate/],
  ['a path that is no UTF-8', undefined, { method: 'GET', path: '/%ff' }, 404, 'path', /\/validate/],
  [
    'too many values',
    `[${'1,'.repeat(MAX_VALUES)}1]`,
    {},
    413,
    'too_many_values',
    /more than 1638400 values/,
  ],
  [
    'one byte too much',
    Buffer.alloc(MAX_BODY_BYTES + 1, ' '),
    {},
    413,
    'too_large',
    /larger than 25165824 bytes/,
  ],
  [
    'one byte too much, of a length not announced',
    Buffer.alloc(MAX_BODY_BYTES + 1, ' '),
    { headers: { ...JSON_TYPE, 'transfer-encoding': 'chunked' } },
    413,
    'too_large',
    /larger than/,
  ],
]
t.test('what is no review gets a clear text', async (t) => {
  const { listener, port, told } = await listening(t)
  for (const [what, body, options, status, reason, text] of refused) {
    const answer = await post(port, body, options)
    t.equal(answer.status, status, what)
    t.match(answer.text, text, `${what}: the text`)
    t.equal(answer.headers['content-type'], 'text/plain; charset=utf-8', `${what}: as plain text`)
    t.notOk('retry-after' in answer.headers, `${what}: without Retry-After`)
    t.equal(told.reasons.pop(), reason, `${what}: counted as ${reason}`)
    t.equal(listener.budget.bytes, 0, `${what}: nothing is left in memory`)
  }
  t.strictSame(told.faults, [], 'none of it is a fault of ours')
  t.equal((await post(port, JSON.stringify(podReview('app:1.2.3')))).status, 200, 'and it goes on serving')
})

const judged: [what: string, body: string, allowed: boolean][] = [
  ['a body of 24 MiB', padded(JSON.stringify(podReview('app:latest')), MAX_BODY_BYTES), false],
  [
    'an annotation of 1.45 MB that Go escapes to six times as much',
    JSON.stringify(podReview('app:latest', { annotation: '<'.repeat(1.45e6) })).replaceAll('<', '\\u003c'),
    false,
  ],
  [
    'a string of commas and brackets',
    JSON.stringify(podReview('app:1.2.3', { annotation: '[,{'.repeat(1e6) })),
    true,
  ],
  [
    'a __proto__ key',
    JSON.stringify(podReview('app:latest')).replace('{', '{"__proto__":{"kind":"X"},'),
    false,
  ],
  [
    'a constructor key',
    JSON.stringify(podReview('app:1.2.3')).replace('{', '{"constructor":{"prototype":{"allowed":true}},'),
    true,
  ],
  [
    '__proto__ in the object',
    JSON.stringify(podReview('app:latest')).replace(
      '"spec":{',
      '"__proto__":{"spec":null},"spec":{"__proto__":{"containers":[]},',
    ),
    false,
  ],
  ['an image that is a number', JSON.stringify(podReview(7)), false],
]
t.test('these are judged like any other', async (t) => {
  const { listener, port, told } = await listening(t)
  for (const [what, body, allowed] of judged) {
    const { status, text } = await post(port, body)
    t.equal(status, 200, what)
    t.equal(
      status === 200 && JSON.parse(text).response.allowed,
      allowed,
      `${what}: ${allowed ? 'allowed' : 'denied'}`,
    )
    t.equal(listener.budget.bytes, 0, `${what}: nothing is left in memory`)
  }
  t.strictSame(told.faults, [])
})

t.test('a content type with parameters is JSON as well', async (t) => {
  const { port } = await listening(t)
  const headers = { 'content-type': 'Application/JSON; charset=UTF-8' }
  t.equal((await post(port, JSON.stringify(podReview('app:1.2.3')), { headers })).status, 200)
})

t.test('our own fault is a 500 that names the uid', async (t) => {
  const fault = new Error('out of order')
  const { listener, port, told } = await listening(t, {
    policies: {
      for() {
        throw fault
      },
    },
  })
  const { status, text } = await post(port, JSON.stringify(podReview('app:latest', { uid: 'abc' })))
  t.equal(status, 500)
  t.match(text, /the uid abc/)
  t.notMatch(text, /out of order/, 'what went wrong is for the log')
  t.strictSame(told.faults, [{ error: fault, uid: 'abc' }])
  t.strictSame(told.reasons, ['fault'])
  t.equal(listener.budget.bytes, 0)
})

t.test('a connection serves many requests', async (t) => {
  const { listener, port } = await listening(t)
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: certificates.ca })
  t.teardown(() => agent.destroy())
  for (const body of [
    podReview('app:1.2.3'),
    podReview('app:latest'),
    { kind: 'Pod' },
    podReview('app:1.2.3'),
  ]) {
    const { headers } = await post(port, JSON.stringify(body), { agent })
    t.equal(headers.connection, 'keep-alive', 'also after a refusal')
    t.match(headers['keep-alive'], /timeout=120/, 'longer than the 90 s of the API server')
  }
  t.equal(listener.connections.count, 1)
})

t.test('what is not HTTP', async (t) => {
  const { port, told } = await listening(t)
  const cases: [what: string, sent: string, status: RegExp, reason: string][] = [
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n', /^HTTP\/1\.1 400 /, 'bad_http'],
    [
      'headers of 20 KB',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 /,
      'header_size',
    ],
    [
      'two lengths',
      'POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      /^HTTP\/1\.1 400 /,
      'bad_http',
    ],
  ]
  for (const [what, sent, status, reason] of cases) {
    t.match(await converse(port, sent), status, what)
    t.equal(told.reasons.pop(), reason, `${what}: counted`)
  }
})

t.test('clients that never finish are cut off', async (t) => {
  const { listener, port, told } = await listening(t, {
    timeouts: { headersMs: 300, requestMs: 600, checkMs: 50 },
  })
  const cases: [what: string, sent: string][] = [
    ['whose headers do not end', 'POST /validate HTTP/1.1\r\nHost: x\r\n'],
    [
      'whose body does not end',
      'POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"api',
    ],
  ]
  for (const [what, sent] of cases) {
    t.match(await converse(port, sent), /^HTTP\/1\.1 408 [\s\S]*did not arrive/, what)
    t.ok(told.reasons.includes('timeout'), `${what}: counted`)
    await nobodyConnected(listener)
    t.equal(listener.budget.bytes, 0, `${what}: nothing is left in memory`)
    told.reasons.length = 0
  }
})

t.test('a connection that has not been used yet stays, however long the others take', async (t) => {
  const { port, told } = await listening(t, { timeouts: { headersMs: 100, requestMs: 200, checkMs: 20 } })
  const unused = connect({ host: HOST, port, ca: certificates.ca })
  await once(unused, 'secureConnect')
  // This one is younger, and its time is over.
  t.match(await converse(port, 'POST /validate HTTP/1.1\r\n'), /^HTTP\/1\.1 408 /)
  t.strictSame(told.reasons, ['timeout'])

  const answered = text(unused)
  unused.write('GET /validate HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  t.match(await answered, /^HTTP\/1\.1 405 /)

  t.test('and once it is used, it is like any other', async (t) => {
    const late = connect({ host: HOST, port, ca: certificates.ca })
    await once(late, 'secureConnect')
    t.match(await converse(port, 'POST /validate HTTP/1.1\r\n'), /^HTTP\/1\.1 408 /)
    const cutOff = text(late)
    late.write('POST /validate HTTP/1.1\r\n')
    t.match(await cutOff, /^HTTP\/1\.1 408 /)
  })
})

t.test('a client that goes away in the middle leaves nothing behind', async (t) => {
  const { listener, port, told } = await listening(t)
  const socket = connect({ host: HOST, port, ca: certificates.ca })
  await once(socket, 'secureConnect')
  socket.write(
    'POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n',
  )
  socket.write('x'.repeat(8000))
  while (listener.budget.bytes === 0) await new Promise(setImmediate)
  socket.destroy()
  await nobodyConnected(listener)
  t.equal(listener.budget.bytes, 0)
  t.strictSame(told.faults, [])
})

t.test('TLS 1.2 is refused unless it is asked for', async (t) => {
  const modern = await listening(t)
  await t.rejects(post(modern.port, '{}', { maxVersion: 'TLSv1.2' }), { message: /protocol version/ })
  t.equal(modern.told.handshakes, 1, 'the handshake is counted')
  t.strictSame(modern.told.reasons, [], 'and nothing else')
  const lenient = await listening(t, { minVersion: 'TLSv1.2' })
  t.equal((await post(lenient.port, '{}', { maxVersion: 'TLSv1.2' })).status, 400)
})

t.test('a new certificate is served while requests go on', async (t) => {
  const { listener, port, told } = await listening(t)
  const next = await developmentCertificates([HOST])
  const ca = [certificates.ca, next.ca]
  const body = JSON.stringify(podReview('app:1.2.3'))
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca })
  t.teardown(() => agent.destroy())
  await post(port, body, { agent })
  let swapped = false
  const fingerprints = new Set<string>()
  const load = Array.from({ length: 4 }, async () => {
    for (let i = 0; i < 30; i++) {
      if (i === 10 && !swapped) {
        swapped = true
        listener.useCertificate(checkPair(next.serving.certificate, next.serving.key))
      }
      const socket = connect({ host: HOST, port, ca })
      await once(socket, 'secureConnect')
      fingerprints.add(socket.getPeerCertificate().fingerprint256)
      socket.end()
      await once(socket, 'close')
      t.equal((await post(port, body, { ca })).status, 200)
    }
  })
  await Promise.all(load)
  t.equal(fingerprints.size, 2, 'first the old one, then the new one')
  t.equal((await post(port, body, { agent })).status, 200, 'a connection from before goes on')
  t.equal(told.handshakes, 0)
  await t.rejects(post(port, body, { ca: certificates.ca }), 'who trusts only the old CA is no longer served')
  await t.rejects(
    post(port, body, { ca, maxVersion: 'TLSv1.2' }),
    /alert protocol version/,
    'the swap keeps the TLS version',
  )
})

t.test('while draining it answers, and asks to close', async (t) => {
  const { listener, port } = await listening(t)
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: certificates.ca })
  t.teardown(() => agent.destroy())
  const body = JSON.stringify(podReview('app:1.2.3'))
  await post(port, body, { agent })
  listener.beginDrain()
  const cases: [what: string, body: string, options: RequestOptions, status: number][] = [
    ['on an old connection', body, { agent }, 200],
    ['on a new connection', body, {}, 200],
    ['a refusal too', '{', {}, 400],
  ]
  for (const [what, body, options, expected] of cases) {
    const { status, headers } = await post(port, body, options)
    t.equal(status, expected, what)
    t.equal(headers.connection, 'close', `${what}: asks to close`)
  }
})

/** Sends bytes over TLS and returns all that comes back until the server closes. */
async function converse(port: number, sent: string): Promise<string> {
  const socket = connect({ host: HOST, port, ca: certificates.ca })
  await once(socket, 'secureConnect')
  socket.write(sent)
  return await text(socket)
}

/** Resolves when the server has seen the last connection end. */
function nobodyConnected({ connections }: WebhookListener): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (connections.count > 0) return
      stop()
      resolve()
    }
    const stop = connections.onChange(look)
    look()
  })
}

/** The JSON text with as many blanks behind it as it takes to reach a length. */
function padded(json: string, bytes: number): string {
  return json + ' '.repeat(bytes - Buffer.byteLength(json))
}
