import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A control group whose members share a bound on their memory. */
export interface MemoryGroup {
  /** Whoever writes 0 into this file joins. */
  readonly members: string
  /** Of no use once its members are gone. */
  remove(): void
}

const CGROUPS = '/sys/fs/cgroup'

/** Makes one, of cgroup v2 or v1; undefined where this user or this machine cannot. */
export function memoryGroup(name: string, bytes: number): MemoryGroup | undefined {
  const unified = existsSync(join(CGROUPS, 'cgroup.controllers'))
  const folder = join(CGROUPS, unified ? '' : 'memory', name)
  const remove = () => rmdirSync(folder)
  try {
    mkdirSync(folder)
  } catch {
    return undefined
  }
  try {
    writeFileSync(join(folder, unified ? 'memory.max' : 'memory.limit_in_bytes'), String(bytes), {
      flag: 'r+',
    })
    return { members: join(folder, 'cgroup.procs'), remove }
  } catch {
    remove() // the controller is not handed down to groups here
    return undefined
  }
}
