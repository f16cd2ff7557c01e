import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The server has a core of its own, so that it is not the load generator that is measured. */
const CORES = { server: '0', load: '1' } as const

/** Whether processes can be pinned here: two cores, and taskset of util-linux. */
export const canPin = availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0

/** A command that runs on the core of its role, where there is one to pin it to. */
export function onCore(role: keyof typeof CORES, command: string, args: string[]): [string, string[]] {
  return canPin ? ['taskset', ['--cpu-list', CORES[role], command, ...args]] : [command, args]
}
