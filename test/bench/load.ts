import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { onCore } from './cores.ts'

const run = promisify(execFile)

/** What one run of wrk saw. Times in microseconds. */
export interface Load {
  readonly perSecond: number
  readonly requests: number
  readonly p50: number
  readonly p99: number
}

/** As many as the API servers of a busy cluster keep open. */
export const CONNECTIONS = 32

/** Posts a body for some seconds from the load generator's core. @throws where any answer was no 200 */
export async function load(
  port: number,
  body: string,
  { seconds, pauseMs = 0 }: { seconds: number; pauseMs?: number },
): Promise<Load> {
  const script = new URL('load.lua', import.meta.url).pathname
  const [command, args] = onCore('load', 'wrk', [
    '--threads=1',
    `--connections=${CONNECTIONS}`,
    `--duration=${seconds}s`,
    '--timeout=10s',
    `--script=${script}`,
    `https://127.0.0.1:${port}`,
  ])
  const { stdout } = await run(command, args, { env: { ...process.env, BODY: body, PAUSE: String(pauseMs) } })
  const line = stdout.split('\n').find((line) => line.startsWith('{'))
  const result = JSON.parse(line ?? '{"failed":-1}')
  if (result.failed !== 0) throw new Error(`the load on port ${port} failed:\n${stdout}`)
  const { requests, p50, p99 } = result
  return { perSecond: requests / result.seconds, requests, p50, p99 }
}
