/** What deploy/Dockerfile makes, started as deploy/base/deployment.yaml would have it; without a container engine. */
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { writeCertificates } from '../../src/certificates/write.ts'
import { DEPLOY, manifest, ROOT } from '../deploy/manifests.ts'
import { LogLines } from '../e2e/log-lines.ts'
import { addNode, type Confined, cannotConfine, confined } from './confined.ts'
import { buildImage } from './dockerfile.ts'
import { memoryGroup } from './memory-group.ts'

/** Enough that what one request leaves behind would show: 20 KB each were 400 MB. */
const REQUESTS = 20_000
/** As many connections as an API server keeps to a webhook (25), nearly. */
const CONNECTIONS = 20
const MIB = 1024 * 1024

const folder = mkdtempSync(join(tmpdir(), 'tallyman-image-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const build = (name: string) => {
  // Only what .dockerignore admits; a test of deploy/ holds the two together.
  const context = join(folder, name, 'context')
  mkdirSync(context, { recursive: true })
  for (const path of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'src'])
    cpSync(join(ROOT, path), join(context, path), { recursive: true })
  return buildImage(join(DEPLOY, 'Dockerfile'), context, join(folder, name))
}
const image = build('first')
const certificates = await developmentCertificates(['127.0.0.1'])

const [{ spec }] = manifest('base/deployment.yaml')
const [container] = spec.template.spec.containers
const memoryBytes = Number(/^(\d+)Mi$/.exec(container.resources.limits.memory)?.[1]) * MIB
/** As OpenShift chooses one. */
const group = memoryGroup(`tallyman-image-${process.pid}`, memoryBytes)
t.teardown(() => group?.remove())
const limits = { uid: 1_000_650_000, members: group?.members }
const noGroup =
  group === undefined && 'no control group can be made here, so that its memory is only measured'

/** A package in package-lock.json. */
interface Locked {
  readonly dev?: boolean
  readonly optional?: boolean
}

/** Each file under a folder with its mode and what is in it. */
function contents(root: string): Map<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const what = entry.isSymbolicLink()
        ? readlinkSync(path)
        : entry.isFile()
          ? `${(statSync(path).mode & 0o777).toString(8)} ${readFileSync(path, 'base64')}`
          : 'folder'
      return [path.slice(root.length), what]
    }),
  )
}

t.test('the tree', async (t) => {
  const first = contents(image.root)
  t.test('holds what runs, and nothing that only builds', async (t) => {
    const top = (path: string) =>
      readdirSync(join(image.root, 'app', path)).filter((name) => !name.startsWith('.'))
    t.strictSame(top('').sort(), ['dist', 'node_modules', 'package.json'])
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
    for (const [path, { dev = false, optional = false }] of Object.entries<Locked>(packages))
      if (path !== '' && !optional) t.equal(first.has(`/app/${path}/package.json`), !dev, path)
  })
  t.test('can be read by any user', async (t) => {
    const closed = readdirSync(image.root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isSymbolicLink())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => (statSync(path).mode & (statSync(path).isDirectory() ? 0o5 : 0o4)) === 0)
    t.strictSame(closed, [])
  })
  t.test('is the same each time it is built', async (t) => {
    const second = contents(build('second').root)
    t.strictSame([...second.keys()].sort(), [...first.keys()].sort())
    t.strictSame(
      [...second].filter(([path, content]) => first.get(path) !== content).map(([path]) => path),
      [],
    )
  })
})

t.test('under its limits', async (t) => {
  addNode(image.root, image.entrypoint[0] ?? '')
  await writeCertificates(join(image.root, 'tls'), certificates)
  chmodSync(join(image.root, 'tls/tls.key'), 0o644) // in a Pod fsGroup lets it be read
  mkdirSync(join(image.root, 'account'))
  for (const [name, text] of Object.entries({ token: 'a', 'ca.crt': certificates.ca, namespace: 'tallyman' }))
    writeFileSync(join(image.root, 'account', name), text)
  const skip = cannotConfine({ ...image, command: [image.entrypoint[0] ?? '', '--version'] }, limits)

  t.test('what the limits are', { skip }, async (t) => {
    const tried = async (script: string) => {
      const { child } = start(t, [image.entrypoint[0] ?? '', '-e', script])
      const [said, [code]] = await Promise.all([text(child.stderr as Readable), once(child, 'exit')])
      return { said, code }
    }
    for (const path of ['/app/a', '/a', '/tmp/a', '/dev/null/a', '/proc/self/a'])
      t.match(
        await tried(
          `fs.mkdirSync(require('path').dirname('${path}'), {recursive: true}); fs.writeFileSync('${path}', '')`,
        ),
        { code: 1, said: /EROFS|ENOTDIR|ENOENT|EACCES|EEXIST/ },
        `nothing can be written at ${path}`,
      )
    const grow = `for (const all = [];;) { all.push(Buffer.alloc(${16 * MIB}, 1)); if (all.length > 50) process.exit(0) }`
    t.test('its memory is bounded', { skip: noGroup }, async (t) => t.not((await tried(grow)).code, 0))
  })

  t.test(`it answers ${REQUESTS} requests, and ends in order`, { skip, timeout: 120_000 }, async (t) => {
    const running = serve(t, ['--no-cluster', '--mode=enforce'])
    const { webhook, probe } = await running.log.next('ready', { since: 0 })
    const status = readFileSync(`/proc/${running.pid()}/status`, 'utf8')
    t.match(status, /^NSpid:\t\d+(\t\d+)*\t1$/m, 'it is process 1')
    t.match(status, /^CapEff:\t0+$/m, 'no capabilities')
    t.match(status, /^NoNewPrivs:\t1$/m)
    if (process.getuid?.() === 0) t.match(status, new RegExp(`^Uid:(\\t${limits.uid}){4}$`, 'm'))

    t.same(await load(`${webhook}/validate`), { denied: REQUESTS / 2, allowed: REQUESTS / 2 })
    t.equal((await fetch(`${probe}/readyz`)).status, 200)
    const metrics = await (await fetch(`${probe}/metrics`)).text()
    if (group !== undefined)
      t.match(metrics, new RegExp(`^tallyman_memory_limit_bytes ${memoryBytes}$`, 'm'), 'it knows its limit')
    t.match(metrics, /^tallyman_heap_limit_bytes \d+$/m)
    const used =
      Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${running.pid()}/status`, 'utf8'))?.[1]) * 1024
    t.comment(`${Math.round(used / MIB)} MiB at most`)
    t.ok(used < memoryBytes, `${used} bytes at most`)
    await ends(t, running, 'stopped')
  })

  t.test('it ends in order while it waits for its API server, too', { skip, timeout: 60_000 }, async (t) => {
    const nowhere = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '1' }
    const running = serve(t, ['--service-account=/account'], nowhere)
    await running.log.next(({ msg }) => String(msg).startsWith('API server cannot be followed'), { since: 0 })
    await ends(t, running, 'stopped')
  })
})

/** Starts a command; it is killed with the test. */
function start(t: Test, command: readonly string[], env: Readonly<Record<string, string>> = {}): Confined {
  const running = confined({ ...image, command, env: { ...image.env, ...env } }, limits)
  t.teardown(() => running.child.kill('SIGKILL'))
  return running
}

function serve(t: Test, args: readonly string[], env?: Readonly<Record<string, string>>) {
  const files = ['--tls-cert=/tls/tls.crt', '--tls-key=/tls/tls.key']
  const ports = ['--host=127.0.0.1', '--port=0', '--probe-port=0']
  const running = start(t, [...image.entrypoint, ...container.args, ...files, ...ports, ...args], env)
  const log = new LogLines('tallyman')
  let stderr = ''
  running.child.stdout?.setEncoding('utf8').on('data', (text: string) => log.take(text))
  running.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  running.child.on('close', () => {
    if (stderr !== '') t.comment(stderr)
    log.end()
  })
  return { ...running, log, said: () => stderr }
}

/** Ends it as a kubelet does, and looks at what it says. */
async function ends(
  t: Test,
  { child, pid, log, said }: ReturnType<typeof serve>,
  last: string,
): Promise<void> {
  const closed = once(child, 'close')
  process.kill(pid(), 'SIGTERM')
  t.same(await closed, [0, null])
  t.equal(said(), '')
  t.equal(log.lines.at(-1)?.msg, last)
  t.strictSame(
    log.lines.filter(({ level }) => level === 'error'),
    [],
  )
}

/** Asks about a Pod that is denied and one that is allowed in turn, on connections that are kept. */
async function load(url: string): Promise<{ denied: number; allowed: number }> {
  const review = (name: string) =>
    readFileSync(fileURLToPath(new URL(`../fixtures/reviews/${name}.json`, import.meta.url)))
  const bodies = [review('pod-latest'), review('pod-allowed')]
  const agent = new Agent({ ca: certificates.ca, keepAlive: true, maxSockets: CONNECTIONS })
  const outcomes = { denied: 0, allowed: 0 }
  let left = REQUESTS
  const client = async () => {
    while (left > 0) {
      left -= 1
      const sent = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } })
      sent.end(bodies[left % bodies.length])
      const [response] = await once(sent, 'response')
      const { allowed } = JSON.parse(await text(response)).response
      outcomes[allowed ? 'allowed' : 'denied'] += 1
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, client))
  agent.destroy()
  return outcomes
}
