import { Agent } from 'node:https'
import t, { type Test } from 'tap'
import type { ClusterView } from '../../src/admission/cluster-view.ts'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { CertificateFiles } from '../../src/certificates/file-source.ts'
import { PolicyFile } from '../../src/files/policy-file.ts'
import { createLogger } from '../../src/server/logging.ts'
import { serve } from '../../src/server/serve.ts'
import { view } from '../admission/views.ts'
import { Mount } from '../files/mount.ts'
import { certificates, HOST, podReview, policyReview, post } from './listening.ts'

const REVIEW = JSON.stringify(podReview('registry.example.com/app:latest'))

function policy(mode: string): string {
  return `apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: default}\nspec: {mode: ${mode}}\n`
}

async function serving(t: Test, cluster?: ClusterView) {
  const mount = await Mount.create(t, {
    'policy.yaml': policy('enforce'),
    'tls.crt': certificates.serving.certificate,
    'tls.key': certificates.serving.key,
  })
  const log = new Log()
  const stop = new AbortController()
  const { webhook, probe, closed } = await serve({
    policies: await PolicyFile.open(mount.path('policy.yaml')),
    cluster,
    certificates: await CertificateFiles.open(mount.path('tls.crt'), mount.path('tls.key')),
    webhook: { host: HOST, port: 0 },
    probe: { host: HOST, port: 0 },
    log: createLogger('info', log),
    signal: stop.signal,
    drain: { quietMs: 20, limitMs: 60_000 },
  })
  t.teardown(() => {
    stop.abort()
    return closed
  })
  const probed = async (path: string) => {
    const response = await fetch(`http://${HOST}:${probe.port}${path}`)
    return { status: response.status, text: await response.text() }
  }
  return { mount, log, stop, closed, port: webhook.port, probed }
}

/** Remembers messages, and lets a test wait for one. */
class Log {
  readonly messages: string[] = []
  #waiting: { message: string; resolve: () => void } | undefined
  write(line: string): void {
    const { msg } = JSON.parse(line)
    this.messages.push(msg)
    if (this.#waiting?.message === msg) this.#waiting?.resolve()
  }
  next(message: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = { message, resolve }
    })
  }
}

t.test('changes of the policies of a cluster are answered and counted', async (t) => {
  const { log, port, probed } = await serving(t, view())
  const body = JSON.stringify(policyReview({ mode: 'sometimes' }))
  const { text } = await post(port, body, { path: '/validate-policy' })
  t.match(JSON.parse(text), { response: { allowed: false, status: { reason: 'Invalid' } } })
  t.match((await probed('/metrics')).text, /^tallyman_changes_total\{entry="policies",outcome="denied"\} 1$/m)
  t.ok(log.messages.includes('change denied'))
})

t.test('a policy that changes is in force without a restart, a bad one is not', async (t) => {
  const { mount, log, port, probed } = await serving(t)
  const allowed = async () => JSON.parse((await post(port, REVIEW)).text).response.allowed
  const files = { 'tls.crt': certificates.serving.certificate, 'tls.key': certificates.serving.key }
  t.equal(await allowed(), false)
  let seen = log.next('policy in force')
  await mount.write({ ...files, 'policy.yaml': policy('warn') })
  await seen
  t.equal(await allowed(), true)
  seen = log.next('new policy refused, the last good one stays in force')
  await mount.write({ ...files, 'policy.yaml': policy('sometimes') })
  await seen
  t.equal(await allowed(), true)
  t.match((await probed('/metrics')).text, /^tallyman_policy_last_reload_successful 0$/m)
  t.match(await probed('/readyz'), { status: 200 }, 'still ready: the last good one judges')
})

t.test('a certificate that changes is served without a restart', async (t) => {
  const { mount, log, port, probed } = await serving(t)
  const next = await developmentCertificates([HOST], { days: 3 })
  const seen = log.next('serving certificate')
  await mount.write({
    'policy.yaml': policy('enforce'),
    'tls.crt': next.serving.certificate,
    'tls.key': next.serving.key,
  })
  await seen
  t.equal((await post(port, REVIEW, { ca: next.ca })).status, 200)
  const metric = /^tallyman_certificate_not_after_timestamp_seconds\{source="file"\} (\d+)$/m.exec(
    (await probed('/metrics')).text,
  )
  t.ok(Number(metric?.[1]) * 1000 < Date.now() + 4 * 24 * 60 * 60 * 1000, 'the metric is of the new one')
})

t.test('a stop makes readiness fail, answers those who are connected, and ends', async (t) => {
  const { log, stop, closed, port, probed } = await serving(t)
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: certificates.ca })
  t.teardown(() => agent.destroy())
  t.match(await probed('/readyz'), { status: 200 })
  await post(port, REVIEW, { agent })
  const draining = log.next('draining')
  stop.abort()
  await draining
  t.match(await probed('/readyz'), { status: 503, text: /tallyman is stopping/ })
  t.match((await probed('/metrics')).text, /^tallyman_ready 0$/m)
  t.match(await probed('/livez'), { status: 200 })
  t.match(await post(port, REVIEW, { agent }), { status: 200, headers: { connection: 'close' } })
  await closed
  t.equal(log.messages.at(-1), 'stopped')
  t.notOk(log.messages.includes('closing connections that are still open'))
  await t.rejects(post(port, REVIEW), { code: 'ECONNREFUSED' })
})

t.test('an address that is taken ends the start and leaves nothing behind', async (t) => {
  const { mount, port } = await serving(t)
  const start = async (webhook: number, probe: number) =>
    serve({
      policies: await PolicyFile.open(mount.path('policy.yaml')),
      certificates: await CertificateFiles.open(mount.path('tls.crt'), mount.path('tls.key')),
      webhook: { host: HOST, port: webhook },
      probe: { host: HOST, port: probe },
      log: createLogger('error', new Log()),
      signal: new AbortController().signal,
    })
  await t.rejects(start(port, 0), { code: 'EADDRINUSE' })
  await t.rejects(start(0, port), { code: 'EADDRINUSE' })
})
