/** Measures tallyman in a large cluster: how soon it is ready, what it holds, and what previews take from it and by themselves. */
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
import type { LargeCluster } from './large-cluster.ts'
import { Poster } from './poster.ts'
import { allowedReview, labelReview } from './reviews.ts'
import { shippedEnvironment } from './shipped-environment.ts'
import { percentile } from './statistics.ts'

type Environment = Readonly<Record<string, string>>

const HOST = '127.0.0.1'
/** Long enough for what the first list left behind to be collected. */
const SETTLE_MS = 5_000
const VERDICTS_MS = 10_000
/** The first verdicts of a run are not counted. */
const WARM_UP = 100

const { ca, serving } = await developmentCertificates([HOST])
const folder = await mkdtemp(join(tmpdir(), 'tallyman-bench-'))
const started: Worker[] = []
try {
  const shipped = shippedEnvironment(fileURLToPath(new URL('../../', import.meta.url)))
  await measureServe(shipped)
  await measureVerdicts(shipped)
  for (const pods of [20_000, 150_000]) await measurePreview(pods)
} finally {
  await Promise.all(started.map((worker) => worker.terminate()))
  await rm(folder, { recursive: true })
}

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
    const ready = performance.now() - began
    await sleep(SETTLE_MS)
    console.log(
      `10,000 namespaces, 100 policies: ready after ${(ready / 1000).toFixed(2)} s, ${await megabytes(child.pid, 'VmRSS')} MB`,
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
    const times = async (until: () => boolean) => {
      const taken: number[] = []
      while (!until()) taken.push(await verdicts.time('/validate', verdict))
      return taken.slice(WARM_UP)
    }
    const inTime = () => {
      const end = performance.now() + VERDICTS_MS
      return () => performance.now() > end
    }
    await times(inTime())
    const alone = await times(inTime())
    let over = false
    const previews = (async () => {
      const taken: number[] = []
      while (!over) taken.push(await changes.time('/validate-namespace', labelReview('team-1')))
      return taken
    })()
    const beside = await times(inTime())
    over = true
    const count = (await previews).length
    const shown = (values: number[], share: number) => `${percentile(values, share).toFixed(2)} ms`
    console.log(
      `a verdict takes ${shown(alone, 0.5)}, at the 99th percentile ${shown(alone, 0.99)}; while ${count} previews of 3,000 objects are made ${shown(beside, 0.5)} and ${shown(beside, 0.99)}; ${await megabytes(child.pid, 'VmHWM')} MB`,
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
  console.log(
    `preview of ${pods} Pods: ${((performance.now() - began) / 1000).toFixed(1)} s, at most ${peak} MB`,
  )
}

/** A figure of /proc/PID/status (Linux). */
async function megabytes(pid: number | undefined, figure: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  // A process that has ended has no memory.
  return Math.round(Number(new RegExp(`${figure}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1000)
}
