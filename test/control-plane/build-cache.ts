import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Written last into a build: the size of each program, so that a truncated or missing one is noticed. */
const MANIFEST = 'built.json'

type Sizes = Readonly<Record<string, number>>

/** What is wrong with a build, or undefined where nothing is. A missing folder is `not built yet`. */
export async function flaw(folder: string, programs: readonly string[]): Promise<string | undefined> {
  let sizes: Sizes
  try {
    sizes = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'))
  } catch {
    return (await stat(folder).catch(() => undefined)) === undefined ? 'not built yet' : 'only half built'
  }
  for (const program of programs) {
    const size = (await stat(join(folder, program)).catch(() => undefined))?.size
    if (size === undefined) return `${program} is missing`
    if (size !== sizes[program]) return `${program} has ${size} bytes instead of ${sizes[program]}`
  }
  return undefined
}

/**
 * Makes a finished build the one in the cache, in a single step: whoever looks sees none or a whole one.
 * Where another process was faster, its build stays: processes may run from it already.
 */
export async function install(built: string, folder: string, programs: readonly string[]): Promise<void> {
  const sizes: Record<string, number> = {}
  for (const program of programs) sizes[program] = (await stat(join(built, program))).size
  await writeFile(join(built, MANIFEST), `${JSON.stringify(sizes, undefined, 2)}\n`)
  await mkdir(join(folder, '..'), { recursive: true })
  if ((await flaw(folder, programs)) === undefined) return
  await rm(folder, { recursive: true, force: true })
  await rename(built, folder)
}
