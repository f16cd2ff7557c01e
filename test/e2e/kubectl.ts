import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'

/** What a command printed, to the byte, and how it ended. */
export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs kubectl as one user. A command that fails is an answer like any other: look at `code`.
 * @param args as on a command line; `--as` and `--as-group` impersonate where the user may
 * @param input for `-f -`: a manifest, several (sent as a List), or text as it stands
 */
export type Kubectl = (
  args: readonly string[],
  input?: string | object | readonly object[],
) => Promise<Output>

/** All of kubectl's environment. What it caches goes beside the kubeconfig, so that no run sees another's. */
export function kubectlEnvironment(kubeconfig: string): Record<string, string> {
  const folder = dirname(kubeconfig)
  return { HOME: folder, KUBECACHEDIR: join(folder, 'kubectl-cache'), KUBECONFIG: kubeconfig }
}

/**
 * @param program the path of kubectl
 * @param kubeconfig whose user it acts as
 */
export function kubectl(program: string, kubeconfig: string): Kubectl {
  const env = kubectlEnvironment(kubeconfig)
  return async (args, input) => {
    const child = spawn(program, args, { env, cwd: dirname(kubeconfig) })
    child.stdin.on('error', () => {}) // it may end without having read all of it
    child.stdin.end(manifest(input))
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ])
    return { code: code ?? -1, stdout, stderr }
  }
}

/** For a set-up that is no part of what a test asks. @throws Error with what kubectl said */
export function expectDone({ code, stdout, stderr }: Output): string {
  if (code === 0) return stdout
  throw new Error(`It ended with exit code ${code}: ${stderr.trim() || stdout.trim()}`)
}

function manifest(input: string | object | readonly object[] = ''): string {
  if (typeof input === 'string') return input
  return JSON.stringify(Array.isArray(input) ? { apiVersion: 'v1', kind: 'List', items: input } : input)
}
