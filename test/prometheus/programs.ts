import { execFile } from 'node:child_process'
import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Screen } from '../control-plane/build.ts'
import { buildingPrefix, sweepBuildings } from '../control-plane/building.ts'
import { debianTools, unpackDebianPackage } from './debian-package.ts'

/** The paths of Prometheus and of what checks its rules. */
export interface PrometheusPrograms {
  readonly prometheus: string
  readonly promtool: string
}

const PROGRAMS = ['prometheus', 'promtool'] as const
const PACKAGE = 'prometheus'

/** Why there is no Prometheus, for whoever reads the results of the tests. */
export const NO_PROMETHEUS =
  "There is no Prometheus here to test the alerts with: it comes from Debian's package, by apt-get and dpkg-deb, or from prometheus and promtool in the PATH."

/**
 * Prometheus and promtool: from the cache, else from Debian's package, which is unpacked into the cache; where there are no
 * Debian tools, from the PATH.
 * @param cache the folder that also holds what a control plane runs
 * @returns undefined where there is neither
 * @throws Error where the package cannot be fetched
 */
export async function prometheusPrograms(
  cache: string,
  path: string,
  screen: Screen,
  signal: AbortSignal,
): Promise<PrometheusPrograms | undefined> {
  const folder = join(cache, `${PACKAGE}-${process.platform}-${process.arch}`)
  const cached = await programsIn(folder)
  if (cached !== undefined) return cached
  if (await debianTools()) return await fetched(cache, folder, screen, signal)
  for (const place of path.split(':').filter((place) => place !== '')) {
    const found = await programsIn(place)
    if (found !== undefined) return found
  }
  return undefined
}

/** Both programs of a folder, undefined unless both may be executed. */
export async function programsIn(folder: string): Promise<PrometheusPrograms | undefined> {
  const [prometheus, promtool] = PROGRAMS.map((program) => join(folder, program)) as [string, string]
  try {
    await Promise.all([prometheus, promtool].map((path) => access(path, constants.X_OK)))
    return { prometheus, promtool }
  } catch {
    return undefined
  }
}

/** Fetches beside the folder and renames when all is there: whoever looks sees none or a whole one. */
async function fetched(
  cache: string,
  folder: string,
  screen: Screen,
  signal: AbortSignal,
): Promise<PrometheusPrograms> {
  screen.write(`Fetching Debian's package ${PACKAGE} into ${folder}; this happens once (20 MB).\n`)
  await mkdir(cache, { recursive: true })
  await sweepBuildings(cache)
  const work = await mkdtemp(buildingPrefix(cache))
  try {
    const bin = join(await unpackDebianPackage(PACKAGE, work, signal), 'usr', 'bin')
    // Of a package for another system, say: better now than as a test that fails.
    for (const program of PROGRAMS) await promisify(execFile)(join(bin, program), ['--version'], { signal })
    await rename(bin, folder).catch(async (error: Error) => {
      // Another process may have been faster; what it made stays, because processes may run from it.
      if ((await programsIn(folder)) !== undefined) return
      await rm(folder, { recursive: true, force: true })
      await rename(bin, folder).catch(() => Promise.reject(error))
    })
  } catch (error) {
    signal.throwIfAborted()
    const said = (error as Error & { stderr?: string }).stderr?.trim() || (error as Error).message
    throw new Error(`Debian's package ${PACKAGE} could not be fetched: ${said}`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  const programs = await programsIn(folder)
  if (programs === undefined) throw new Error(`Debian's package ${PACKAGE} lacks ${PROGRAMS.join(' or ')}`)
  return programs
}
