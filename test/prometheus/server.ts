import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { freePorts, LOOPBACK } from '../control-plane/free-ports.ts'
import type { Supervisor } from '../control-plane/supervisor.ts'
import { until } from '../control-plane/until.ts'

/** It is there within a second; this leaves room for a busy machine. */
const READY_WITHIN_MS = 30_000

export interface PrometheusOptions {
  readonly program: string
  readonly supervisor: Supervisor
  readonly signal: AbortSignal
  /** As in the configuration file, `scrape_configs`. */
  readonly scrape: readonly object[]
  /** The content of a rule file: `{ groups }`. */
  readonly rules: object
}

/** A sample of an instant query. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  /** A time in seconds, and the value as text. */
  readonly value: readonly [number, string]
}

/** A rule as a running Prometheus sees it. */
export interface RuleState {
  readonly name: string
  readonly health: string
  readonly lastError?: string
  /** inactive, pending or firing. */
  readonly state: string
}

/** A Prometheus that scrapes and evaluates rules each second, for the time of its supervisor. */
export class Prometheus {
  readonly #url: string

  private constructor(port: number) {
    this.#url = `http://${LOOPBACK}:${port}`
  }

  /** Starts one and waits until it answers queries. */
  static async start({ program, supervisor, signal, scrape, rules }: PrometheusOptions): Promise<Prometheus> {
    const folder = join(supervisor.folder, 'prometheus')
    await mkdir(folder)
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yaml'],
      scrape_configs: scrape,
    }
    await writeFile(join(folder, 'prometheus.yaml'), stringify(config))
    await writeFile(join(folder, 'rules.yaml'), stringify(rules))
    const [port] = (await freePorts(1)) as [number]
    const args = [
      '--config.file=prometheus.yaml',
      '--storage.tsdb.path=data',
      `--web.listen-address=${LOOPBACK}:${port}`,
      '--log.level=warn',
    ]
    const { exited } = await supervisor.start('prometheus', { command: program, args, cwd: folder, env: {} })
    const ended = exited.then(({ code }) => {
      throw new Error(`Prometheus ended with exit code ${code}`)
    })
    ended.catch(() => {}) // it ends with its supervisor
    const ready = until('Prometheus to be ready', READY_WITHIN_MS, signal, async () => {
      const answer = await fetch(`http://${LOOPBACK}:${port}/-/ready`).catch(() => undefined)
      return answer?.ok ? true : undefined
    })
    await Promise.race([ready, ended])
    return new Prometheus(port)
  }

  /** Evaluates an expression now. @throws Error with what Prometheus says of it */
  async query(expr: string): Promise<readonly Sample[]> {
    const { result } = (await this.#ask('query', { query: expr })) as { result: readonly Sample[] }
    return result
  }

  /** The states of its alerts. */
  async rules(): Promise<readonly RuleState[]> {
    const { groups } = (await this.#ask('rules')) as { groups: readonly { rules: readonly RuleState[] }[] }
    return groups.flatMap(({ rules }) => rules)
  }

  async #ask(what: string, parameters: Record<string, string> = {}): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/v1/${what}?${new URLSearchParams(parameters)}`)
    const { status, error, data } = (await response.json()) as {
      status: string
      error?: string
      data: unknown
    }
    if (status !== 'success') throw new Error(`Prometheus: ${error}`)
    return data
  }
}
