/**
 * Measures tallyman in a large cluster: how soon it is ready, what it holds, and what previews take from it and by themselves.
 * Exits 1 where a bar is missed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { kubeconfig } from '../control-plane/kubeconfig.ts'
import { AS_BUILT } from '../e2e/replica.ts'
import { Bars } from './bars.ts'
import type { LargeCluster } from './large-cluster.ts'
import { Poster } from './poster.ts'
import { allowedReview, labelReview } from './reviews.ts'
import { shippedEnvironment } from './shipped-environment.ts'
import { percentile } from './statistics.ts'

type Environment = Readonly<Record<string, string>>

const HOST = '127.0.0.1'
/** Long enough for what the first list left behind to be collected. */
const SETTLE_MS = 5_000
/** Verdicts without and with previews take turns, so that what else runs on the machine comes to both. */
const ROUNDS = 5
const VERDICTS_MS = 2_000
/** Until what is called often is compiled. */
const WARM_UP_MS = 5_000

/** From the start of the process; the readiness probe asks every five seconds. */
const READY_SECONDS = 2
/** In a cluster as large as this; for a usual one deploy/ requests 128 MiB (134 MB). */
const MEGABYTES = 150
/** Of 150,000 Pods: somebody waits for it. */
const PREVIEW_SECONDS = 30
/** The 99th percentile of verdicts while previews are made, by that without. */
const BESIDE_PREVIEWS = 2

const { ca, serving } = await developmentCertificates([HOST])
const folder = await mkdtemp(join(tmpdir(), 'tallyman-bench-'))
const started: Worker[] = []
const bars = new Bars()
try {
  const shipped = shippedEnvironment(fileURLToPath(new URL('../../', import.meta.url)))
  await measureServe(shipped)
  await measureVerdicts(shipped)
  for (const pods of [20_000, 150_000]) await measurePreview(pods)
} finally {
  await Promise.all(started.map((worker) => worker.terminate()))
  await rm(folder, { recursive: true })
}
for (const missed of bars.missed) console.error(`missed: ${missed}`)
process.exitCode = bars.missed.length > 0 ? 1 : 0

async function cluster(size: Pick<LargeCluster, 'pods' | 'namespaces' | 'policies'>): Promise<number> {
  const workerData: LargeCluster = { ...size, certificate: serving.certificate, key: serving.key }
  const worker = new Worker(new URL('large-cluster.ts', import.meta.url), { workerData })
  started.push(worker)
  const [port] = await once(worker, 'message')
  return port
}

async function measureServe(env: Environment): Promise<void> {
  const port = await cluster({ pods: 0, namespaces: 10_000, policies: 100 })
  const began = performance.now()
  const { child } = await serve(env, port)
  try {
    const ready = (performance.now() - began) / 1000
    await sleep(SETTLE_MS)
    const held = await megabytes(child.pid, 'VmRSS')
    const what = '10,000 namespaces, 100 policies'
    console.log(
      `${what}: ready after ${bars.hold(`${what}, ready`, ready, READY_SECONDS, 's')}, ${bars.hold(what, held, MEGABYTES, 'MB')}`,
    )
  } finally {
    child.kill('SIGKILL')
  }
}

/** How long verdicts take, one after the other, without and with a preview going on all the time. */
async function measureVerdicts(env: Environment): Promise<void> {
  const { child, port } = await serve(env, await cluster({ pods: 20_000, namespaces: 1_000, policies: 1 }))
  const [verdicts, changes] = [new Poster(port, ca), new Poster(port, ca)]
  try {
    const verdict = allowedReview()
    const times = async (ms: number) => {
      const taken: number[] = []
      for (const end = performance.now() + ms; performance.now() < end; )
        taken.push(await verdicts.time('/validate', verdict))
      return taken
    }
    await times(WARM_UP_MS)
    const alone: number[] = []
    const beside: number[] = []
    let previews = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      alone.push(...(await times(VERDICTS_MS)))
      let over = false
      const previewing = (async () => {
        for (; !over; previews += 1) await changes.time('/validate-namespace', labelReview('team-1'))
      })()
      beside.push(...(await times(VERDICTS_MS)))
      over = true
      await previewing
    }
    const shown = (values: number[]) =>
      `${percentile(values, 0.5).toFixed(2)} ms, at the 99th percentile ${percentile(values, 0.99).toFixed(2)} ms`
    const ratio = percentile(beside, 0.99) / percentile(alone, 0.99)
    const peak = await megabytes(child.pid, 'VmHWM')
    const what = 'verdicts beside previews'
    console.log(
      `a verdict takes ${shown(alone)}; while ${previews} previews of up to 3,000 objects are made ${shown(beside)}, ${bars.hold(what, ratio, BESIDE_PREVIEWS, 'times')}; ${bars.hold(what, peak, MEGABYTES, 'MB')}`,
    )
  } finally {
    for (const poster of [verdicts, changes]) poster.close()
    child.kill('SIGKILL')
  }
}

/** Starts tallyman as it would start in a Pod of a cluster, and waits until it is ready. */
async function serve(env: Environment, cluster: number): Promise<{ child: ChildProcess; port: number }> {
  const files = {
    token: 'token',
    'ca.crt': ca,
    namespace: 'tallyman',
    'tls.crt': serving.certificate,
    'tls.key': serving.key,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const options = {
    '--service-account': folder,
    '--tls-cert': join(folder, 'tls.crt'),
    '--tls-key': join(folder, 'tls.key'),
    '--port': '0',
    '--probe-port': '0',
  }
  const child = spawn(process.execPath, [AS_BUILT, 'serve', ...Object.entries(options).flat()], {
    env: { ...env, KUBERNETES_SERVICE_HOST: HOST, KUBERNETES_SERVICE_PORT: String(cluster) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let ready: { readonly webhook: string } | undefined
  for await (const line of createInterface(child.stdout)) {
    const said = JSON.parse(line)
    if (said.msg === 'ready') ready = said
    if (ready !== undefined) break
  }
  if (ready === undefined) throw new Error('tallyman ended before it was ready')
  child.stdout.resume() // a log that nobody reads would hold it up
  return { child, port: Number(new URL(ready.webhook).port) }
}

async function measurePreview(pods: number): Promise<void> {
  const port = await cluster({ pods, namespaces: 1_000, policies: 1 })
  const file = join(folder, `kubeconfig-${pods}`)
  await writeFile(
    file,
    kubeconfig({
      server: `https://${HOST}:${port}`,
      ca,
      user: 'owner',
      credentials: serving,
      namespace: 'default',
    }),
  )
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [AS_BUILT, 'preview', '-A', '--group-by', 'team', '--kubeconfig', file],
    {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  let peak = 0
  const ended = once(child, 'exit')
  while (child.exitCode === null) {
    peak = Math.max(peak, await megabytes(child.pid, 'VmHWM').catch(() => 0))
    await Promise.race([ended, sleep(50)])
  }
  if (child.exitCode !== 1)
    throw new Error(`The preview ended with ${child.exitCode}, though moving tags are denied`)
  const what = `preview of ${pods} Pods`
  const seconds = bars.hold(what, (performance.now() - began) / 1000, PREVIEW_SECONDS, 's')
  console.log(`${what}: ${seconds}, at most ${bars.hold(what, peak, MEGABYTES, 'MB')}`)
}

/** A figure of /proc/PID/status (Linux). */
async function megabytes(pid: number | undefined, figure: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  // A process that has ended has no memory.
  return Math.round(Number(new RegExp(`${figure}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1000)
}
