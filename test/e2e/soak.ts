/**
 * make soak: Pods are created at a fixed rate for ten minutes, while the policy changes now and then. Memory, open files
 * and latency are sampled, and what they were first is compared with what they are last. `make soak SOAK=2` takes two.
 */
import { loadavg } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { median, percentile, table } from '../bench/statistics.ts'
import { Interrupted } from '../control-plane/interrupt.ts'
import { startControlPlane } from '../control-plane/start-control-plane.ts'
import { countedErrors } from './counted-errors.ts'
import { Installation } from './installation.ts'
import { type Create, notJudged, PodCreates } from './pod-creates.ts'
import { ENFORCE, policy } from './policy.ts'
import { processUsage } from './process-usage.ts'
import { AS_BUILT, type Replica } from './replica.ts'
import { theReplica } from './replicas.ts'
import { webhookHealth } from './webhook-health.ts'

const PER_SECOND = 100
const MINUTES = Number(process.argv[2] ?? 10)
const SAMPLES = 20
/** What the first samples show is how a process gets going. */
const WARM_UP_SAMPLES = 3

interface Sample {
  readonly minute: number
  readonly residentMB: number
  readonly heapMB: number
  readonly files: number
  readonly handles: number
  readonly creates: number
  readonly p50: number
  readonly p99: number
}

const HEAD = ['minute', 'resident MB', 'heap MB', 'files', 'handles', 'creates', 'p50 ms', 'p99 ms']

/** How much the middle of the last samples may be over the middle of the first. */
const MAY_GROW: Partial<Record<keyof Sample, number>> = {
  // A hundred bytes kept of each of 60,000 reviews are 6 MB; what garbage collection leaves differs by a few.
  residentMB: 10,
  heapMB: 6,
  // The API server keeps up to 25 idle connections, as few or as many as it had use for.
  files: 26,
  handles: 26,
  // As much as tallyman may add to a create at all (the aims of make bench-e2e).
  p50: 2,
  p99: 6,
}

/** Latencies of fewer creates than this share of what was asked for say nothing. */
const HOLDS = 0.8

if (!(MINUTES > 0 && MINUTES <= 24 * 60)) {
  console.error('Usage: node test/e2e/soak.ts [MINUTES]   (10 where it is missing, at most a day)')
  process.exit(2)
}
// Builds what is not there yet, which takes minutes: a mistake in the arguments is told before.
const { logs, programs, signal } = await import('./programs.ts')
try {
  const controlPlane = await startControlPlane({ binaries: programs, logs, controllers: 'none', signal })
  let complaints: string[] = ['it did not come to an end']
  try {
    const options = { controlPlane, kubectl: programs.kubectl, signal, policy: ENFORCE, main: AS_BUILT }
    const tallyman = await Installation.install(options)
    const creates = new PodCreates({
      client: controlPlane.admin,
      namespaces: ['team-a'],
      perSecond: PER_SECOND,
    })
    try {
      complaints = await soak(tallyman, creates)
    } finally {
      await creates.stop()
    }
    complaints.push(...(await webhookHealth(controlPlane.admin)).errors)
  } finally {
    const kept = await controlPlane.stop({ keepLogs: complaints.length > 0 && !signal.aborted })
    if (kept !== undefined) console.error(`The logs are kept in ${kept}`)
  }
  for (const complaint of complaints) console.error(complaint)
  process.exitCode = complaints.length > 0 ? 1 : 0
} catch (thrown) {
  // Ctrl-C ends the servers, and what was under way fails in ways of its own.
  const error = signal.aborted ? signal.reason : thrown
  if (!(error instanceof Interrupted)) console.error((error as Error).message)
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1
}

/** @returns what is wrong */
async function soak(tallyman: Installation, creates: PodCreates): Promise<string[]> {
  const replica = theReplica(tallyman)
  const seconds = (MINUTES * 60) / SAMPLES
  console.log(
    `${PER_SECOND} creates a second for ${MINUTES} minutes, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}\n`,
  )
  console.log(row(HEAD))
  const samples: Sample[] = []
  const began = performance.now()
  const wrong: string[] = []
  for (let index = 1; index <= SAMPLES; index += 1) {
    await setTimeout(seconds * 1000, undefined, { signal }).catch(() => signal.throwIfAborted())
    const answers = creates.take()
    wrong.push(...notJudged(answers))
    const sample = await sampled((index * seconds) / 60, replica, answers)
    samples.push(sample)
    console.log(row(cells(sample)))
    // Whatever a reload leaves behind adds up.
    await tallyman.changePolicy(policy({ mode: 'enforce', helpURL: `https://wiki.example.com/${index}` }))
  }
  const steady = samples.slice(WARM_UP_SAMPLES)
  const third = Math.ceil(steady.length / 3)
  const first = middle(steady.slice(0, third))
  const last = middle(steady.slice(-third))
  console.log(`\n${table([HEAD, ['first', ...cells(first).slice(1)], ['last', ...cells(last).slice(1)]])}`)
  const grown = Object.entries(MAY_GROW).flatMap(([key, by]) => {
    const growth = last[key as keyof Sample] - first[key as keyof Sample]
    return growth > by ? [`${key} grew by ${growth.toFixed(1)}, more than ${by}`] : []
  })
  const rate = (samples.reduce((sum, { creates }) => sum + creates, 0) * 1000) / (performance.now() - began)
  const slow =
    rate < PER_SECOND * HOLDS
      ? [`only ${rate.toFixed(0)} creates a second were answered, of ${PER_SECOND}`]
      : []
  const errors = countedErrors((await replica.probe('metrics')).text)
  return [...new Set(wrong), ...grown, ...slow, ...errors]
}

async function sampled(minute: number, replica: Replica, creates: readonly Create[]): Promise<Sample> {
  const { residentMB, files } = await processUsage(replica.process.pid)
  const milliseconds = creates.map(({ sentAt, answeredAt }) => answeredAt - sentAt)
  return {
    minute,
    residentMB,
    heapMB: (await replica.metric('nodejs_heap_size_used_bytes')) / 1024 ** 2,
    files,
    handles: await replica.metric('nodejs_active_handles_total'),
    creates: creates.length,
    p50: percentile(milliseconds, 0.5),
    p99: percentile(milliseconds, 0.99),
  }
}

/** Of each column its median. */
function middle(samples: readonly Sample[]): Sample {
  const of = (key: keyof Sample) => median(samples.map((sample) => sample[key]))
  const keys = Object.keys(samples[0] ?? {}) as (keyof Sample)[]
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as unknown as Sample
}

function cells({ minute, residentMB, heapMB, files, handles, creates, p50, p99 }: Sample): string[] {
  const numbers = [files, handles, creates].map(String)
  return [
    minute.toFixed(1),
    residentMB.toFixed(1),
    heapMB.toFixed(1),
    ...numbers,
    p50.toFixed(1),
    p99.toFixed(1),
  ]
}

/** A line of a table that grows. */
function row(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padStart(HEAD[index]?.length ?? 0)).join('  ')
}
