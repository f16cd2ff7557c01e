import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { createServer } from 'node:net'
import { onCore } from './cores.ts'

/** A server to measure, in a process of its own on the server's core. */
export class ServerProcess {
  readonly port: number
  /** From its start to its first answer. */
  readonly readyMs: number
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, port: number, readyMs: number) {
    this.#child = child
    this.port = port
    this.readyMs = readyMs
  }

  /** Starts Node in an environment, with some arguments, and waits for the first answer over HTTPS. Its log goes to /dev/null. */
  static async start(
    environment: Record<string, string>,
    args: (port: number) => string[],
  ): Promise<ServerProcess> {
    const port = await freePort()
    const [command, all] = onCore('server', process.execPath, args(port))
    const startedAt = performance.now()
    const child = spawn(command, all, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    while (!(await answers(port))) {
      if (child.exitCode !== null)
        throw new Error(`the server ended with exit code ${child.exitCode}: ${all.join(' ')}`)
    }
    return new ServerProcess(child, port, performance.now() - startedAt)
  }

  /** Resident memory now, in MB. Linux only. */
  get residentMB(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024
  }

  /** Processor time so far, in microseconds. Linux only. */
  get cpuMicroseconds(): number {
    // Behind the name in brackets: the 12th and 13th field, in ticks of 10 ms.
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Whether something answers, whatever it says. */
async function answers(port: number): Promise<boolean> {
  const request = get({ host: '127.0.0.1', port, path: '/', agent: false, rejectUnauthorized: false })
  try {
    const [response] = await once(request, 'response')
    response.resume()
    return true
  } catch {
    return false
  }
}
