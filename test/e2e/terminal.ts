import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { kubectlEnvironment } from './kubectl.ts'

/** What a terminal shows of a command, and how the command ended. */
export interface Seen {
  readonly code: number
  readonly output: string
}

/**
 * Runs kubectl as if at a terminal: both its outputs go to one pipe, so that their lines come in the order in which they
 * were written.
 * @param program the path of kubectl
 * @param args without `kubectl` itself
 * @param cwd where the files are that the arguments name
 */
export async function atTerminal(
  program: string,
  kubeconfig: string,
  args: readonly string[],
  cwd: string,
): Promise<Seen> {
  const child = spawn('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', program, ...args], {
    cwd,
    env: kubectlEnvironment(kubeconfig),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [output, [code]] = await Promise.all([
    text(child.stdout),
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { code: code ?? -1, output }
}
