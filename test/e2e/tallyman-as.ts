import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import type { UserName } from '../control-plane/users.ts'
import { compileCache } from './compile-cache.ts'
import { kubectlEnvironment, type Output } from './kubectl.ts'
import { FROM_SOURCES } from './replica.ts'

/** Runs tallyman as a user types it, whose kubeconfig is KUBECONFIG. */
export type TallymanAs = (user: UserName, args: readonly string[], input?: string) => Promise<Output>

export function tallymanAs(controlPlane: ControlPlane): TallymanAs {
  return async (user, args, input = '') => {
    const env = {
      ...compileCache,
      ...kubectlEnvironment(controlPlane.login(user).kubeconfig),
      NODE_OPTIONS: '',
    }
    const child = spawn(process.execPath, [FROM_SOURCES, ...args], { env })
    child.stdin.end(input)
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ])
    return { code: code ?? -1, stdout, stderr }
  }
}
