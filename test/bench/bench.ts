// make bench: how fast tallyman is, and how much memory it takes, beside the least that Node and fastify can do.
// Every server runs with the same environment, on a core of its own; wrk runs on another. The rounds take turns, so that
// whatever else the machine does meets all of them, and ratios are taken within a round.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { writeCertificates } from '../../src/certificates/write.ts'
import { canPin } from './cores.ts'
import { nanosecondsPerJudge } from './judge.ts'
import { CONNECTIONS, type Load, load } from './load.ts'
import { allowedReview, deniedReview, LARGE_BYTES } from './reviews.ts'
import { freePort, ServerProcess } from './server-process.ts'
import { shippedEnvironment } from './shipped-environment.ts'
import { median, table } from './statistics.ts'

const ROUNDS = Number(process.argv[2] ?? 5)
const SECONDS = 3
const MEMORY_REQUESTS = 100_000
const WARM_REQUESTS = 50_000
const WARM_SECONDS = 18

requireWrk()
const root = new URL('../../', import.meta.url).pathname
const build = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
if (build.status !== 0) process.exit(1)

const folder = mkdtempSync(join(tmpdir(), 'tallyman-bench-'))
try {
  await bench()
} finally {
  rmSync(folder, { recursive: true })
}

async function bench(): Promise<void> {
  const environment = shippedEnvironment(root)
  const [, key = '', cert = ''] = await writeCertificates(
    folder,
    await developmentCertificates(['127.0.0.1']),
  )
  const bodies = {
    allowed: file('allowed.json', allowedReview()),
    denied: file('denied.json', deniedReview()),
    large: file('large.json', allowedReview(LARGE_BYTES)),
  }
  const probePort = await freePort()
  const script = (name: string) => (port: number) => [join(root, 'test/bench', name), cert, key, String(port)]
  const tallyman = (port: number) => [
    join(root, 'dist/main.js'),
    'serve',
    ...['--mode', 'enforce', '--tls-cert', cert, '--tls-key', key],
    ...['--host', '127.0.0.1', '--port', String(port), '--probe-port', String(probePort)],
  ]
  console.log(
    `Node ${process.version} ${Object.entries(environment)
      .map((each) => each.join('='))
      .join(' ')}, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s each`,
  )
  if (!canPin)
    console.log('not pinned: that takes two cores and taskset, so the load generator disturbs the servers')

  const starts = { bare: [] as number[], ours: [] as number[] }
  for (let i = 0; i < ROUNDS; i++) {
    starts.bare.push(await readyMs(environment, script('bare-fastify.ts')))
    starts.ours.push(await readyMs(environment, tallyman))
  }

  const https = await ServerProcess.start(environment, script('bare-https.ts'))
  const fastify = await ServerProcess.start(environment, script('bare-fastify.ts'))
  const ours = await ServerProcess.start(environment, tallyman)
  const runs: Run[] = [
    { name: 'bare node:https, 6 KB', server: https, body: bodies.allowed },
    { name: 'bare fastify, 6 KB', server: fastify, body: bodies.allowed },
    { name: 'tallyman, 6 KB allowed', server: ours, body: bodies.allowed, base: 1 },
    { name: 'tallyman, 6 KB denied', server: ours, body: bodies.denied, base: 1 },
    { name: 'bare fastify, 1 MiB', server: fastify, body: bodies.large },
    { name: 'tallyman, 1 MiB allowed', server: ours, body: bodies.large, base: 4 },
  ]
  for (const run of runs) await warmUp(run)
  const rounds: Measured[][] = []
  for (let i = 0; i < ROUNDS; i++) {
    const round: Measured[] = []
    for (const run of runs) round.push(await measure(run))
    rounds.push(round)
  }
  console.log(`\n${throughput(runs, rounds)}`)

  console.log(`\n${await halfLoads(runs.slice(0, 3), rounds)}`)
  for (const server of [https, fastify, ours]) await server.stop()

  const fresh = await ServerProcess.start(environment, tallyman)
  const start = fresh.residentMB
  const first = await residentAfter(fresh, bodies)
  const second = await residentAfter(fresh, bodies)
  await fresh.stop()
  console.log(
    `memory: ${start.toFixed(0)} MB at the start, ${first.toFixed(0)} MB after ${MEMORY_REQUESTS} requests, ` +
      `${second.toFixed(0)} MB after ${2 * MEMORY_REQUESTS} (aim: under 110, no growth)`,
  )
  console.log(
    `ready: ${median(starts.ours).toFixed(0)} ms from the start of the process to its first answer (aim: under 600), ` +
      `bare fastify ${median(starts.bare).toFixed(0)} ms`,
  )
  console.log(`judge: ${nanosecondsPerJudge().toFixed(0)} ns for a Pod of three containers`)
}

/**
 * Until the code is compiled: what a denial takes goes down by a third in the first fifty thousand, while a bare server has
 * little to compile.
 */
async function warmUp({ server, body }: Run): Promise<void> {
  for (let sent = 0, seconds = 0; sent < WARM_REQUESTS && seconds < WARM_SECONDS; seconds += SECONDS)
    sent += (await load(server.port, body, { seconds: SECONDS })).requests
}

interface Run {
  readonly name: string
  readonly server: ServerProcess
  readonly body: string
  /** The run to compare with. */
  readonly base?: number
}

/** What wrk saw, and what the server spent on it: on a machine that does other things too, that says more. */
interface Measured extends Load {
  readonly cpuMicroseconds: number
}

async function measure({ server, body }: Run): Promise<Measured> {
  const before = server.cpuMicroseconds
  const result = await load(server.port, body, { seconds: SECONDS })
  return { ...result, cpuMicroseconds: (server.cpuMicroseconds - before) / result.requests }
}

function throughput(runs: readonly Run[], rounds: readonly Measured[][]): string {
  const rows = [['', 'requests/s', 'of fastify', 'p50', 'p99', 'CPU/request', 'of fastify']]
  for (const [i, { name, base }] of runs.entries()) {
    const middle = (value: (one: Measured, other: Measured) => number) =>
      median(rounds.map((round) => value(round[i] as Measured, round[base ?? i] as Measured)))
    const ratio = (value: (one: Measured, other: Measured) => number) =>
      base === undefined ? '' : middle(value).toFixed(2)
    rows.push([
      name,
      middle((one) => one.perSecond).toFixed(0),
      ratio((one, other) => one.perSecond / other.perSecond),
      milliseconds(middle((one) => one.p50)),
      milliseconds(middle((one) => one.p99)),
      `${middle((one) => one.cpuMicroseconds).toFixed(0)} us`,
      ratio((one, other) => other.cpuMicroseconds / one.cpuMicroseconds),
    ])
  }
  return table(rows)
}

/**
 * Latency at half of each server's own rate. A server that takes the same for each request has a p99 of 4.4 times its p50
 * already where half of what it can do comes at random (M/D/1), and other work on the machine makes the tail longer: it is
 * beside the bare server's that ours counts.
 */
async function halfLoads(runs: readonly Run[], rounds: readonly Measured[][]): Promise<string> {
  const halves = runs.map((): Load[] => [])
  for (let i = 0; i < ROUNDS; i++) {
    for (const [n, { server, body }] of runs.entries()) {
      const rate = median(rounds.map((round) => round[n]?.perSecond ?? 0))
      const pauseMs = (CONNECTIONS / (rate / 2)) * 1000
      halves[n]?.push(await load(server.port, body, { seconds: SECONDS, pauseMs }))
    }
  }
  const rows = halves.map((loads, n) => {
    const middle = (value: (one: Load) => number) => median(loads.map(value))
    return [
      runs[n]?.name ?? '',
      middle((one) => one.perSecond).toFixed(0),
      milliseconds(middle((one) => one.p50)),
      milliseconds(middle((one) => one.p99)),
      middle((one) => one.p99 / one.p50).toFixed(1),
    ]
  })
  const head = [
    'half load, a pause before each request',
    'requests/s',
    'p50',
    'p99',
    "p99/p50 (aim: bare fastify's)",
  ]
  return table([head, ...rows])
}

async function readyMs(
  environment: Record<string, string>,
  args: (port: number) => string[],
): Promise<number> {
  const server = await ServerProcess.start(environment, args)
  await server.stop()
  return server.readyMs
}

/** Resident memory after so many more requests, allowed and denied in turns. */
async function residentAfter(
  server: ServerProcess,
  bodies: { allowed: string; denied: string },
): Promise<number> {
  for (let sent = 0, i = 0; sent < MEMORY_REQUESTS; i++) {
    const { requests } = await load(server.port, i % 2 === 0 ? bodies.allowed : bodies.denied, { seconds: 1 })
    sent += requests
  }
  return server.residentMB
}

function milliseconds(us: number): string {
  return `${(us / 1000).toFixed(2)} ms`
}

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function requireWrk(): void {
  if (spawnSync('wrk', ['-v']).error === undefined) return
  console.error('make bench needs wrk to generate load; on Debian and Ubuntu: sudo apt-get install -y wrk')
  process.exit(2)
}
