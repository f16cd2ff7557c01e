/**
 * make bench-e2e: what tallyman adds to a Pod create through kube-apiserver, and the largest rate that one replica holds.
 *
 * tallyman is installed with kubectl apply -k and runs as its Deployment says, as its service account, with a TagPolicy in
 * the cluster. Each way of admission has a namespace of its own, so that all are set up at once and the rounds can take turns: the
 * machine drifts by more than what is measured. Creates are dry runs, so that etcd's disk is no part of it, and the API
 * server calls the webhooks at a loopback address, so that no network is.
 */
import { availableParallelism, loadavg } from 'node:os'
import { median, percentile, table } from '../bench/statistics.ts'
import type { ApiClient } from '../control-plane/api-client.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { Interrupted } from '../control-plane/interrupt.ts'
import { startControlPlane } from '../control-plane/start-control-plane.ts'
import { benchSetUp, WAYS } from './bench-set-up.ts'
import { countedErrors } from './counted-errors.ts'
import { processUsage } from './process-usage.ts'
import type { Replica } from './replica.ts'
import { timedCreates } from './timed-creates.ts'

const ROUNDS = Number(process.argv[2] ?? 20)
const MAX_ROUNDS = 1000
const SECONDS = 2
const PER_SECOND = 100
const CLIENTS = 8
/** Compiles what is hot, and opens the connections. */
const WARM_UP_SECONDS = 3

/** The largest rate is looked for in steps that grow smaller. */
const FIRST_RATE = 100
const FIRST_STEP = 1.5
const LAST_STEP = 1.05
const MAX_STEPS = 20
const STEP_SECONDS = 3
/** Other work on the machine can spoil one. */
const TRIES = 2
const MANY_CLIENTS = 64
/** A rate is held where all is answered in its time and so much more. */
const LATE_SECONDS = 0.25

/** Of WAYS; what follows the last is tallyman's as well. */
const NONE = 0
const BARE = 2
const TALLYMAN = 3
const PERCENTILES = ['p50', 'p90', 'p99']
const SHARES = [0.5, 0.9, 0.99]

type Way = (typeof WAYS)[number]

if (!(Number.isInteger(ROUNDS) && ROUNDS >= 1 && ROUNDS <= MAX_ROUNDS)) {
  console.error(`Usage: node test/e2e/bench.ts [ROUNDS]   (20 where it is missing, at most ${MAX_ROUNDS})`)
  process.exit(2)
}
// Builds what is not there yet, which takes minutes: a mistake in the arguments is told before.
const { logs, programs, signal } = await import('./programs.ts')

try {
  const controlPlane = await startControlPlane({ binaries: programs, logs, controllers: 'none', signal })
  try {
    await bench(controlPlane)
  } finally {
    await controlPlane.stop()
  }
} catch (thrown) {
  // Ctrl-C ends the servers, and what was under way fails in ways of its own.
  const error = signal.aborted ? signal.reason : thrown
  if (!(error instanceof Interrupted)) console.error((error as Error).message)
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1
}

async function bench(controlPlane: ControlPlane): Promise<void> {
  const tallyman = await benchSetUp(controlPlane, programs.kubectl, signal)
  const clients = await loggedIn(controlPlane, MANY_CLIENTS)
  console.log(
    `Kubernetes ${controlPlane.version}, Node ${process.version}, ${availableParallelism()} cores, ` +
      `load ${loadavg()[0]?.toFixed(1)} at the start (other work on the machine shows in every number)`,
  )
  console.log(
    `A Pod of three containers, ${CLIENTS} clients, ${PER_SECOND} creates a second, ${ROUNDS} rounds of ${SECONDS} s each\n`,
  )
  console.log(await latencies(clients.slice(0, CLIENTS)))

  const bare = await largestRate(clients, 'none')
  const before = await processUsage(tallyman.process.pid)
  const { creates, rate } = await largestRate(clients, 'tallyman-judges')
  const { cpuSeconds, residentMB } = await processUsage(tallyman.process.pid)
  const each = ((cpuSeconds - before.cpuSeconds) * 1000) / creates
  console.log(
    `\nlargest rate: ${rate.toFixed(0)} creates a second with one tallyman, ${bare.rate.toFixed(0)} without a webhook ` +
      '(API server, tallyman and clients share the cores)',
  )
  console.log(
    `tallyman took ${each.toFixed(2)} ms of one core for each, and ${residentMB.toFixed(0)} MB at the end`,
  )
  await expectNoErrors(tallyman)
}

/** As admins: the API server makes others wait for their turn. */
async function loggedIn(controlPlane: ControlPlane, count: number): Promise<ApiClient[]> {
  const users = Array.from({ length: count }, (_, index) => `client-${index}`)
  const groups = ['system:masters']
  return await Promise.all(
    users.map(async (name) => (await controlPlane.addUser({ name, groups, about: 'creates Pods' })).client),
  )
}

/** The table of added latency. */
async function latencies(clients: readonly ApiClient[]): Promise<string> {
  const measure = async ({ namespace, denied }: Way, seconds: number) =>
    (await timedCreates(clients, { namespace, denied, perSecond: PER_SECOND, seconds })).milliseconds
  for (const way of WAYS) await measure(way, WARM_UP_SECONDS)
  const rounds: number[][][] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const results: number[][] = []
    // Each round begins with another, so that none is always behind the same neighbour.
    for (let turn = 0; turn < WAYS.length; turn += 1) {
      const way = (round + turn) % WAYS.length
      results[way] = [...(await measure(WAYS[way] ?? WAYS[NONE], SECONDS))]
      signal.throwIfAborted()
    }
    rounds.push(results)
  }
  const rows = WAYS.map(({ name }, way) => {
    const all = rounds.flatMap((round) => round[way] ?? [])
    const over = (other: number, share: number) => {
      const at = (round: number[][], index: number) => percentile(round[index] ?? [], share)
      return signed(median(rounds.map((round) => at(round, way) - at(round, other))))
    }
    return [
      name,
      ...SHARES.map((share) => percentile(all, share).toFixed(2)),
      ...SHARES.map((share) => (way === NONE ? '' : over(NONE, share))),
      ...SHARES.map((share) => (way >= TALLYMAN ? over(BARE, share) : '')),
    ]
  })
  const head = [
    'milliseconds',
    ...['', 'over none ', 'over bare '].flatMap((of) => PERCENTILES.map((p) => of + p)),
  ]
  return `${table([head, ...rows])}
(differences are the middle one of all rounds; aims for tallyman: +2 at p50 and +6 at p99 over none, +0.5 at p50 over bare)`
}

/** The largest rate at which every create is admitted in time. */
async function largestRate(
  clients: readonly ApiClient[],
  namespace: Way['namespace'],
): Promise<{ rate: number; creates: number }> {
  let creates = 0
  const holds = async (perSecond: number): Promise<boolean> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const timed = await timedCreates(clients, { namespace, perSecond, seconds: STEP_SECONDS })
      signal.throwIfAborted()
      creates += timed.milliseconds.length
      if (timed.seconds < STEP_SECONDS + LATE_SECONDS) return true
    }
    return false
  }
  let held = 0
  let rate = FIRST_RATE
  for (let step = FIRST_STEP, steps = 0; step > LAST_STEP && steps < MAX_STEPS; steps += 1) {
    if (await holds(rate)) held = rate
    else if (held === 0) rate /= step * step
    else step = Math.sqrt(step)
    rate = held === 0 ? rate : held * step
  }
  return { rate: held, creates }
}

async function expectNoErrors(tallyman: Replica): Promise<void> {
  const { text } = await tallyman.probe('metrics')
  const errors = countedErrors(text)
  if (errors.length > 0) throw new Error(`tallyman counted errors:\n${errors.join('\n')}`)
}

function signed(milliseconds: number): string {
  return `${milliseconds < 0 ? '' : '+'}${milliseconds.toFixed(2)}`
}
