import { readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** A build that is under way, or was. */
interface Building {
  readonly folder: string
  readonly pid: number
  readonly began: number
}

const PREFIX = `.building-${hostname()}-`

/** No build takes so long. What is older belongs to nobody: its process's number is another's now, after a restart say. */
const LONGEST_MS = 2 * 60 * 60 * 1000

/** How often is looked whether an earlier build has ended. */
const PAUSE_MS = 250

/** Begins the name of the folder of a build, which says whose it is: this process's, on this machine. */
export function buildingPrefix(cache: string): string {
  return join(cache, `${PREFIX}${process.pid}-`)
}

/** Removes what builds left behind whose process is gone: it was killed together with what should have removed it. */
export async function sweepBuildings(cache: string): Promise<void> {
  for (const building of await buildings(cache))
    if (!isUnderWay(building)) await rm(building.folder, { recursive: true, force: true })
}

/**
 * Waits until no build is under way that began before this one. Of two, one always began first, so they never wait for each
 * other; what is killed is not waited for.
 * @param own the folder of this build
 * @param waiting called once where there is something to wait for, with the process's number
 * @throws the signal's reason when it is aborted
 */
export async function awaitEarlierBuilds(
  own: string,
  signal: AbortSignal,
  waiting: (pid: number) => void,
): Promise<void> {
  const cache = join(own, '..')
  for (let said = false; ; said = true) {
    const all = await buildings(cache)
    const mine = all.findIndex(({ folder }) => folder === own)
    const earlier = all.slice(0, Math.max(0, mine)).find(isUnderWay)
    if (earlier === undefined) return
    if (!said) waiting(earlier.pid)
    await setTimeout(PAUSE_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

/** Those of this machine, the earliest first. */
async function buildings(cache: string): Promise<Building[]> {
  const names = (await readdir(cache).catch(() => [])).filter((name) => name.startsWith(PREFIX))
  const read = names.map(async (name): Promise<Building[]> => {
    const folder = join(cache, name)
    const began = (await stat(folder).catch(() => undefined))?.birthtimeMs // it may have ended meanwhile
    return began === undefined ? [] : [{ folder, began, pid: Number.parseInt(name.slice(PREFIX.length), 10) }]
  })
  return (await Promise.all(read)).flat().sort((a, b) => a.began - b.began || (a.folder < b.folder ? -1 : 1))
}

function isUnderWay({ pid, began }: Building): boolean {
  if (began < Date.now() - LONGEST_MS) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // somebody else's
  }
}
