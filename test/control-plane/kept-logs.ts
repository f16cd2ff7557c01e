import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** How many failed runs' logs stay: enough to compare a few, each of some megabytes. */
const KEPT = 10

/** A new folder's path for the logs of a run that may fail; it begins with the time, so that names sort by age. */
export function logsFolder(logs: string, run: string): string {
  return join(logs, `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${run}`)
}

/** Removes the oldest logs of failed runs. */
export async function pruneLogs(logs: string): Promise<void> {
  const names = (await readdir(logs).catch(() => [])).sort()
  for (const name of names.slice(0, Math.max(0, names.length - KEPT))) {
    await rm(join(logs, name), { recursive: true, force: true })
  }
}
