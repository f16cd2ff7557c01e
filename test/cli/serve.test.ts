import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { get } from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { TAG_POLICIES_PATH } from '../../src/policy/custom-resource.ts'
import { cluster, tagPolicy } from '../cluster/clusters.ts'
import { certificates } from '../cluster/scripted-api-server.ts'
import { freePorts } from '../control-plane/free-ports.ts'
import { until } from '../control-plane/until.ts'
import { Mount } from '../files/mount.ts'
import { post } from '../server/listening.ts'
import { tallyman } from './memory-terminal.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

const directory = t.testdir({
  'bad.yaml':
    'apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: default}\nspec: {mod: warn}\n',
})
await tallyman(['certs', '--out', directory])
const tls = ['--tls-cert', join(directory, 'tls.crt'), '--tls-key', join(directory, 'tls.key')]
const ca = readFileSync(join(directory, 'ca.crt'))

const unusable: [title: string, args: string[], says: RegExp][] = [
  ['no certificate', [], /needs --tls-cert FILE and --tls-key FILE/],
  [
    'a missing certificate',
    ['--tls-cert', 'no.crt', '--tls-key', 'no.key'],
    /no\.crt: there is no such file/,
  ],
  ['a bad policy', [...tls, '--policy', join(directory, 'bad.yaml')], /bad\.yaml:4: spec\.mod: /],
  ['one port for both', [...tls, '--port', '8443', '--probe-port', '8443'], /are both 8443/],
  ['a port that is none', [...tls, '--port', '80a'], /A port is a number/],
  ['an address that is none', [...tls, '--host', '[::1]'], /IP address/],
  ['seconds that are none', [...tls, '--drain-seconds', '1m'], /whole number/],
  [
    'a foreign address',
    [...tls, '--host', '192.0.2.1', '--port', '0', '--probe-port', '0'],
    /is no address of this machine/,
  ],
  ['events of no cluster', [...tls, '--no-cluster', '--events'], /no Pod of one.*--kubeconfig FILE/],
  ['events that are neither on nor off', [...tls, '--events', 'no'], /It is true or false/],
  ['an argument', [...tls, 'policy.yaml'], /takes no arguments|too many arguments/],
]
for (const [title, args, says] of unusable) {
  t.test(title, async (t) => {
    const { code, stdout, stderr } = await tallyman(['serve', ...args])
    t.match(stderr, says)
    t.equal(stdout, '')
    t.equal(code, 2)
  })
}

t.test('a port in use', async (t) => {
  const other = createServer()
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => other.close())
  const { port } = other.address() as { port: number }
  const { code, stderr } = await tallyman([
    'serve',
    ...tls,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--probe-port',
    '0',
  ])
  t.match(stderr, `port ${port} on 127.0.0.1 is in use`)
  t.match(stderr, 'choose another with --port')
  t.equal(code, 2)
})

interface Ready {
  readonly webhook: string
  readonly probe: string
}

const ANYWHERE = ['--host', '127.0.0.1', '--port', '0', '--probe-port', '0', '--drain-seconds', '0']

/**
 * Starts the real program and waits until it says that it is ready.
 * @param said is told of each message before that
 */
async function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  said: (message: string) => void = () => {},
): Promise<{ child: ChildProcess; ready: Ready; messages: string[] }> {
  const child = spawn(process.execPath, [MAIN, 'serve', ...tls, ...ANYWHERE, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  })
  const messages: string[] = []
  const ready = await new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line)
      messages.push(entry.msg)
      if (entry.msg === 'ready') resolve(entry)
      else said(entry.msg)
    })
    child.on('close', () => reject(new Error('it ended')))
  })
  return { child, ready, messages }
}

/** What it answers about a Pod with a moving tag. */
async function review(webhook: string): Promise<unknown> {
  const body = readFileSync(new URL('../fixtures/reviews/pod-latest.json', import.meta.url))
  const { text } = await post(Number(new URL(webhook).port), body, { ca })
  return JSON.parse(text).response
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`it answers until ${signal}, and its log is complete`, async (t) => {
    const { child, ready, messages } = await start(['--mode', 'enforce'])
    t.match(await review(ready.webhook), { allowed: false, status: { reason: 'Forbidden' } })
    child.kill(signal)
    const [code] = await once(child, 'close')
    t.equal(code, 0)
    t.equal(messages.at(-1), 'stopped')
    t.ok(messages.includes('denied'))
    await t.rejects(
      new Promise((resolve, reject) => get(ready.webhook, { ca }, resolve).on('error', reject)),
      {
        code: 'ECONNREFUSED',
      },
    )
  })
}

t.test('in a Pod it waits for the API server, and then judges by the policies of its cluster', async (t) => {
  const server = await cluster(t)
  server.store.put(TAG_POLICIES_PATH, tagPolicy('default', { mode: 'audit' }))
  await server.stop()
  const files = { token: 'a-token', 'ca.crt': certificates.ca, namespace: 'tallyman' }
  const { folder } = await Mount.create(t, files)
  const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(server.port) }
  let listening: Promise<void> | undefined
  const { child, ready, messages } = await start(['--service-account', folder], env, (message) => {
    if (message.startsWith('API server cannot be followed')) listening ??= server.listen()
  })
  await listening
  t.ok(listening, 'it says what it waits for')
  t.ok(messages.includes('policy in force'))
  t.equal(server.asked[0]?.headers.authorization, 'Bearer a-token')
  const metrics = await (await fetch(`${ready.probe}/metrics`)).text()
  t.match(metrics, /^tallyman_cluster_synced\{resource="namespaces"\} /m)
  t.match(metrics, /^tallyman_policy_info\{policy="default",hash="[0-9a-f]{12}"\} 1$/m)
  child.kill('SIGTERM')
  t.same(await once(child, 'close'), [0, null])
})

t.test('a full disk takes its log, and nothing else', { skip: !existsSync('/dev/full') }, async (t) => {
  const [port, probePort] = await freePorts(2)
  const full = openSync('/dev/full', 'w')
  const child = spawn(
    process.execPath,
    [
      ...[MAIN, 'serve', ...tls, ...ANYWHERE, '--mode', 'enforce'],
      ...['--port', String(port), '--probe-port', String(probePort)],
    ],
    { env: { ...process.env, NODE_OPTIONS: '' }, stdio: ['ignore', full, 'pipe'] },
  )
  closeSync(full)
  t.teardown(() => child.kill('SIGKILL'))
  const stderr = child.stderr?.toArray()
  await until('tallyman to be ready', 60_000, new AbortController().signal, async () => {
    const answer = await fetch(`http://127.0.0.1:${probePort}/readyz`).catch(() => undefined)
    return answer?.ok || undefined
  })
  for (let i = 0; i < 3; i++) t.match(await review(`https://127.0.0.1:${port}`), { allowed: false })
  t.match(await (await fetch(`http://127.0.0.1:${probePort}/metrics`)).text(), 'log_lines_dropped_total 0')
  child.kill('SIGTERM')
  t.strictSame(await once(child, 'exit'), [0, null])
  t.equal(
    Buffer.concat((await stderr) ?? []).toString(),
    `tallyman: the log cannot be written: ENOSPC: no space left on device, write. Reviews are answered all
the same. The oldest 4 MiB of lines wait; what comes after them is dropped, and counted in
tallyman_log_lines_dropped_total.
`,
    'told once',
  )
})
