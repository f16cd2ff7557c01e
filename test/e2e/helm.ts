import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { kubectlEnvironment, type Output } from './kubectl.ts'

/** Runs Helm as one user. A command that fails is an answer like any other: look at `code`. */
export type Helm = (args: readonly string[]) => Promise<Output>

const run = promisify(execFile)

/** A chart with its definition of TagPolicy, rendered, is under 100 KB. */
const LONGEST_OUTPUT = 4 * 1024 * 1024

/**
 * @param program the path of Helm
 * @param kubeconfig whose user it acts as; what Helm keeps (nothing but caches) goes beside it
 */
export function helm(program: string, kubeconfig: string): Helm {
  const home = dirname(kubeconfig)
  const options = { env: kubectlEnvironment(kubeconfig), cwd: home, maxBuffer: LONGEST_OUTPUT }
  return async (args) => {
    try {
      return { code: 0, ...(await run(program, args, options)) }
    } catch (error) {
      const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string }
      if (typeof code !== 'number') throw error // it could not be run at all
      return { code, stdout, stderr }
    }
  }
}
