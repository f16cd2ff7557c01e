import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { LOOPBACK } from '../control-plane/free-ports.ts'
import { tail } from '../control-plane/log-hints.ts'
import type { Supervised, Supervisor } from '../control-plane/supervisor.ts'
import { compileCache } from './compile-cache.ts'
import { LogLines } from './log-lines.ts'

/** tallyman as it stands in this checkout. */
export const FROM_SOURCES: string = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
/** tallyman as it is shipped; `make build` makes it. */
export const AS_BUILT: string = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface ReplicaOptions {
  /** Unique among all processes of the control plane. */
  readonly name: string
  readonly main: string
  /** As the Deployment says them; free ports on loopback are added. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** A tallyman that runs: what a Pod of its Deployment is in a cluster. */
export class Replica {
  readonly process: Supervised
  /** What it has logged. */
  readonly log: LogLines
  /** Of the webhook, over HTTPS. */
  readonly port: number
  /** Of the probes and metrics, over HTTP. */
  readonly probePort: number

  private constructor(process: Supervised, log: LogLines, port: number, probePort: number) {
    this.process = process
    this.log = log
    this.port = port
    this.probePort = probePort
  }

  /** Starts one and waits until it answers. @throws Error with what it logged last, where it ends instead */
  static async start(
    supervisor: Supervisor,
    { name, main, args, env }: ReplicaOptions,
    signal: AbortSignal,
  ): Promise<Replica> {
    const log = new LogLines(name)
    const process = await supervisor.start(name, {
      command: globalThis.process.execPath,
      // Of an option that is given twice, the last holds.
      args: [main, ...args, '--host', LOOPBACK, '--port', '0', '--probe-port', '0'],
      env: main === FROM_SOURCES ? { ...compileCache, ...env } : env,
      onOutput: (text) => log.take(text),
    })
    void process.exited.then(() => log.end())
    const { webhook, probe } = await log.next('ready', { since: 0 }).catch(async (error: Error) => {
      signal.throwIfAborted() // then it ended because it was told to
      const said = tail(await readFile(process.log, 'utf8').catch(() => ''))
      throw new Error(`${error.message}\nIt printed last:\n${said}`)
    })
    const portOf = (url: unknown) => Number(new URL(String(url)).port)
    return new Replica(process, log, portOf(webhook), portOf(probe))
  }

  /** The answer of `/livez`, `/readyz` or `/metrics`. */
  async probe(path: 'livez' | 'readyz' | 'metrics'): Promise<{ status: number; text: string }> {
    const response = await fetch(`http://${LOOPBACK}:${this.probePort}/${path}`)
    return { status: response.status, text: await response.text() }
  }

  /**
   * The value of a metric: the sum of its series that have these labels, 0 where there is none.
   * @param name as in the exposition: `tallyman_verdicts_total`
   */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const { text } = await this.probe('metrics')
    const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`)
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .filter((line) => wanted.every((label) => line.includes(label)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
  }

  /** Kills it without a drain and waits until it is gone. */
  async kill(): Promise<void> {
    this.process.signal('SIGKILL')
    await this.process.exited
  }
}
