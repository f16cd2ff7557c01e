import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { LOOPBACK } from '../control-plane/free-ports.ts'
import { until } from '../control-plane/until.ts'
import { signal } from './programs.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PROGRAM = join(ROOT, 'test/tryout/cluster.ts')
const WITHIN_MS = 120_000

interface Cluster {
  readonly child: ChildProcess
  /** Its temporary folder is the only thing in here. */
  readonly place: string
  /** What it has printed. */
  said(): string
}

/** Starts what `make cluster` starts, with a place of its own for temporary files. */
async function start(t: Test, args: readonly string[] = []): Promise<Cluster> {
  // Not in the test's own folder: the path of a socket may not be long.
  const place = await mkdtemp(join(tmpdir(), 'cluster-'))
  const env = { ...process.env, NODE_OPTIONS: '', TMPDIR: place }
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      said += piece
    })
  t.teardown(async () => {
    child.kill('SIGINT')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
    await rm(place, { recursive: true, force: true })
  })
  return { child, place, said: () => said }
}

/** What a moment is told by. @param folder the temporary folder, once there is one */
type Reached = (cluster: Cluster, folder: string | undefined) => boolean

function moment(what: string, cluster: Cluster, reached: Reached): Promise<true> {
  const { child, place, said } = cluster
  return until(what, WITHIN_MS, signal, async () => {
    if (child.exitCode !== null) throw new Error(`It ended before ${what}: ${said()}`)
    const [folder] = await readdir(place)
    return reached(cluster, folder === undefined ? undefined : join(place, folder)) ? true : undefined
  })
}

async function interrupt(t: Test, { child, place }: Cluster): Promise<void> {
  child.kill('SIGINT')
  const [code] = await once(child, 'close')
  t.equal(code, 130, 'as a shell reports Ctrl-C')
  t.same(await readdir(place), [], 'no folder is left')
}

t.test('make cluster: what it says is what happens', async (t) => {
  const cluster = await start(t)
  await moment('the introduction', cluster, () => cluster.said().includes('stay Pending.'))
  const said = cluster.said()
  const environment = /^ {2}(export KUBECONFIG=.*)$/m.exec(said)?.[1] ?? ''
  const samples = [...said.matchAll(/^ {2}\$ (.*)\n((?:^ {2}.*\n)*)/gm)]
  t.equal(samples.length, 6)
  for (const [, command = '', sample = ''] of samples) {
    const shell = spawn('/bin/sh', ['-c', `${environment}; (${command}) 2>&1`], { cwd: ROOT })
    t.equal(await text(shell.stdout), sample.replaceAll(/^ {2}/gm, ''), command)
  }

  t.test('and Ctrl-C ends all of it', async (t) => {
    const kubeconfig = readFileSync(/KUBECONFIG=(\S+)/.exec(environment)?.[1] ?? '', 'utf8')
    const ports = [...`${said}${kubeconfig}`.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port))
    t.equal(new Set(ports).size, 2, 'the API server and tallyman')
    await interrupt(t, cluster)
    for (const port of ports) {
      const [error] = await once(connect(port, LOOPBACK), 'error')
      t.match(error, { code: 'ECONNREFUSED' })
    }
  })
})

const has =
  (file: string): Reached =>
  (_cluster, folder) =>
    folder !== undefined && existsSync(join(folder, file))

const moments: [what: string, reached: Reached][] = [
  ['it says that it starts', ({ said }) => said().includes('Starting')],
  ['its folder is there', has('.')],
  ['the API server logs', has('logs/kube-apiserver.log')],
  ['tallyman is being installed', has('deploy/base')],
  ['tallyman logs', has('logs/tallyman-1.log')],
]
for (const [what, reached] of moments) {
  t.test(`make cluster: Ctrl-C when ${what} leaves nothing`, async (t) => {
    const cluster = await start(t)
    await moment(what, cluster, reached)
    await interrupt(t, cluster)
    t.notMatch(cluster.said(), /error/i, 'and tells of no error')
  })
}

const mistakes: [args: string[], says: string][] = [
  [['--mode', 'enforced'], '--mode enforced: expected disabled, audit, warn, enforce\n'],
  [['--policy', 'no-such-file.yaml'], 'no-such-file.yaml: there is no such file'],
  [
    ['--policy', 'test/fixtures/refused-policies/typos.yaml'],
    'test/fixtures/refused-policies/typos.yaml:5: spec.mode: ',
  ],
  [
    ['--policy', 'test/fixtures/policies/team.yaml'],
    'test/fixtures/policies/team.yaml: metadata.name: team would hold only where a namespace asks for it; here',
  ],
]
for (const [args, says] of mistakes) {
  t.test(`make cluster ${args.join(' ')} is told before anything starts`, async (t) => {
    const { child, place, said } = await start(t, args)
    const [code] = await once(child, 'close')
    t.equal(code, 1)
    t.ok(said().startsWith(says), said())
    t.same(await readdir(place), [])
  })
}
