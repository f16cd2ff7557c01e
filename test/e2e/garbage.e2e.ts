// Where tallyman should answer, something else does: the API server takes none of it for a verdict. With failurePolicy
// Ignore Pods are let in, with Fail the error says what is wrong, and the first request that reaches tallyman again is judged.
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { until } from '../control-plane/until.ts'
import { bothFailurePolicies, CLOSED, OPEN } from './failure-policies.ts'
import { expectFault } from './fault-effects.ts'
import { type Faulty, faultyWebhook, http } from './faulty-webhook.ts'
import { createPod, notJudged } from './pod-creates.ts'
import { ENFORCE } from './policy.ts'
import { signal } from './programs.ts'
import { theReplica } from './replicas.ts'
import { setUp } from './set-up.ts'

const review = (response: object, apiVersion = 'admission.k8s.io/v1') =>
  http('200 OK', JSON.stringify({ apiVersion, kind: 'AdmissionReview', response }))
const WITHIN_MS = 30_000
const NOBODY = '00000000-0000-0000-0000-000000000000'

const cases: (Faulty & { cause: RegExp })[] = [
  {
    name: 'no TLS',
    tls: false,
    answer: 'HTTP/1.1 200 OK\r\n\r\n',
    cause: /server gave HTTP response to HTTPS client/,
  },
  { name: 'nothing at all', tls: true, answer: '', cause: /EOF/ },
  { name: 'no HTTP', tls: true, answer: 'SSH-2.0-OpenSSH_9.9\r\n', cause: /malformed HTTP response/ },
  {
    name: 'a web page',
    tls: true,
    answer: http('200 OK', '<html></html>', ['Content-Type: text/html']),
    cause: /json parse error/,
  },
  {
    name: 'half an answer',
    tls: true,
    answer: review({ uid: NOBODY }).slice(0, -20),
    cause: /unexpected EOF/,
  },
  {
    name: 'broken JSON',
    tls: true,
    answer: http('200 OK', '{"apiVersion":'),
    cause: /json parse error: unexpected end/,
  },
  { name: 'no review', tls: true, answer: http('200 OK', '{}'), cause: /webhook response was absent/ },
  {
    name: "another request's verdict",
    tls: true,
    answer: review({ uid: NOBODY, allowed: true }),
    cause: /expected response\.uid/,
  },
  {
    name: 'a version that was not asked for',
    tls: true,
    answer: review({ uid: NOBODY, allowed: true }, 'admission.k8s.io/v1beta1'),
    cause: /unknown conversion/,
  },
  {
    name: 'a fault of the server',
    tls: true,
    answer: http('500 Internal Server Error', 'oops', ['Content-Type: text/plain']),
    cause: /an error on the server \("oops"\)/,
  },
  {
    name: 'another address, which the API server follows',
    tls: true,
    answer: http('302 Found', '', ['Location: https://127.0.0.1:1/']),
    cause: /Post "https:\/\/127\.0\.0\.1:1\/"/,
  },
]

t.test('what is no verdict', async (t) => {
  const { controlPlane, tallyman } = await setUp(t, { policy: ENFORCE })
  await bothFailurePolicies(controlPlane, { timeoutSeconds: 30 })
  const create = (namespace: string) => createPod(controlPlane.admin, { namespace, image: 'moving' })
  const { certificateMount } = tallyman
  const credentials = {
    certificate: await readFile(certificateMount.path('tls.crt'), 'utf8'),
    key: await readFile(certificateMount.path('tls.key'), 'utf8'),
  }
  // Its connections go with it; the API server would ask it on those whatever the Service leads to.
  const replica = theReplica(tallyman)
  await replica.kill()
  tallyman.withdraw(replica)
  await until('the API server to know that they are gone', WITHIN_MS, signal, async () =>
    (await create(CLOSED)).said.includes('No endpoints') ? true : undefined,
  )
  for (const { cause, ...faulty } of cases) {
    t.test(faulty.name, async (t) => {
      const port = await faultyWebhook(t, faulty, credentials)
      controlPlane.services.route('tallyman/tallyman', [port])
      expectFault(t, await Promise.all([OPEN, CLOSED].map(create)), cause)
    })
  }
  t.test('judged again with the first request that reaches tallyman', async (t) => {
    await tallyman.startReplica()
    t.strictSame(notJudged(await Promise.all([OPEN, CLOSED].map(create))), [])
  })
})
