import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Paths under the root that match a pattern, with `/` on every system, sorted. */
export function files(pattern: string): string[] {
  return globSync(pattern, { cwd: ROOT })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}

export function read(path: string): string {
  return readFileSync(new URL(path, `file://${ROOT}`), 'utf8')
}
