import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Command, describeExit, type Exit, type Report } from './supervisor-messages.ts'

/** A process that the supervisor runs. */
export interface Supervised {
  readonly name: string
  readonly pid: number
  /** The file that takes what it prints. */
  readonly log: string
  /** Fulfilled when it has ended, never rejected. */
  readonly exited: Promise<Exit>
  /** Sends a signal to its process group. */
  signal(signal: NodeJS.Signals): void
}

/** What to start, and how. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  /** The supervisor's folder where it is missing. */
  readonly cwd?: string
  /** All of its environment: nothing is inherited, so that a run does not depend on who started it. */
  readonly env: Readonly<Record<string, string>>
  /** Takes what it prints, as it comes. */
  readonly onOutput?: (text: string) => void
}

interface Pending {
  pid?: number
  readonly started: PromiseWithResolvers<number>
  readonly exited: PromiseWithResolvers<Exit>
  readonly onOutput: ((text: string) => void) | undefined
  ended: boolean
}

/**
 * A temporary folder and processes that end and vanish with this process, however it ends (supervisor-process.ts).
 */
export class Supervisor {
  readonly folder: string
  /** Where the logs are after {@link Supervisor.end} with `keepLogs`, or after a crash, unless they could not be written. */
  readonly keptLogs: string
  readonly #process: ChildProcess
  readonly #pending = new Map<string, Pending>()
  readonly #gone: Promise<void>
  #over = false

  private constructor(process: ChildProcess, folder: string, keptLogs: string) {
    this.#process = process
    this.folder = folder
    this.keptLogs = keptLogs
    this.#gone = once(process, 'exit').then(() => this.#lost())
    process.on('message', (report: Report) => this.#take(report))
  }

  /**
   * @param prefix the folder's path, to which random characters are added
   * @param keptLogs where logs go that are worth keeping
   */
  static async begin(prefix: string, keptLogs: string): Promise<Supervisor> {
    const child = fork(join(import.meta.dirname, 'supervisor-process.ts'), [prefix, keptLogs], {
      detached: true,
      execArgv: [],
      env: {}, // no NODE_OPTIONS above all: a test runner's hooks have no business there
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let complaint = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    const ready = once(child, 'message').then(([report]) => report as Report)
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`The supervisor of ${prefix} ended with exit code ${code}: ${errorIn(complaint)}`)
    })
    const report = await Promise.race([ready, failed])
    failed.catch(() => {}) // from here on its exit is what `end` waits for
    if (report.type !== 'ready') throw new Error(`The supervisor began with ${report.type} instead of ready`)
    return new Supervisor(child, report.folder, keptLogs)
  }

  /** Starts a process under a name that no running one has; its log goes on where that of an earlier one ended. */
  async start(name: string, { onOutput, ...launch }: Launch): Promise<Supervised> {
    if (this.#pending.get(name)?.ended === false) throw new Error(`A process named ${name} is running`)
    if (this.#over) throw new Error(`${name} was not started: its supervisor has ended`)
    const pending: Pending = {
      started: Promise.withResolvers(),
      exited: Promise.withResolvers(),
      onOutput,
      ended: false,
    }
    this.#pending.set(name, pending)
    this.#send({ type: 'start', name, ...launch, relay: onOutput !== undefined })
    pending.pid = await pending.started.promise
    return {
      name,
      pid: pending.pid,
      log: join(this.folder, 'logs', `${name}.log`),
      exited: pending.exited.promise,
      signal: (signal) => this.#send({ type: 'signal', name, signal }),
    }
  }

  /** Ends all processes and removes the folder; fulfilled when both are gone. May be called again. */
  async end({ keepLogs }: { keepLogs: boolean }): Promise<void> {
    this.#send({ type: 'end', keepLogs })
    await this.#gone
  }

  #send(command: Command): void {
    if (this.#process.connected) this.#process.send(command, () => {})
  }

  #take(report: Report): void {
    if (report.type === 'ready') return
    const pending = this.#pending.get(report.name)
    if (report.type === 'started') pending?.started.resolve(report.pid)
    else if (report.type === 'output') pending?.onOutput?.(report.text)
    else {
      if (pending !== undefined) {
        delete pending.pid // the number may be given to another process from now on
        pending.ended = true
      }
      pending?.started.reject(new Error(`${report.name} ${describeExit(report.exit)}`))
      pending?.exited.resolve(report.exit)
    }
  }

  /**
   * The supervisor is gone, so nobody has to wait for a report that cannot come. It ended what it ran, unless it was
   * itself killed (for want of memory, say); then it falls to us.
   */
  #lost(): void {
    this.#over = true
    for (const [name, { pid, started, exited }] of this.#pending) {
      if (pid !== undefined) killGroup(pid)
      started.promise.catch(() => {}) // nobody may be waiting for it any more
      started.reject(new Error(`${name} was not started: its supervisor has ended`))
      exited.resolve({ code: null, signal: 'SIGKILL' })
    }
  }
}

/** The error in what Node prints before it ends, or all of it. */
function errorIn(complaint: string): string {
  return /^\w*Error: (.*)$/m.exec(complaint)?.[1] ?? complaint.trim()
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
