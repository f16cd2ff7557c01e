import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { flaw, install } from './build-cache.ts'
import { BuildProgress } from './build-progress.ts'
import { awaitEarlierBuilds, buildingPrefix, sweepBuildings } from './building.ts'
import type { Bundle } from './bundle.ts'
import type { GoBuild } from './go-build.ts'
import { packageCount, requireGo } from './go-command.ts'
import { logsFolder } from './kept-logs.ts'
import { explained, explainLog } from './log-hints.ts'
import { Supervisor } from './supervisor.ts'
import { describeExit } from './supervisor-messages.ts'

/** Where progress goes. A `terminal` shows it on one line that is written anew. */
export interface Screen {
  readonly terminal: boolean
  write(text: string): void
}

/**
 * Builds a bundle into the cache, unless a whole build is there.
 * What is under way is a folder of its own beside it, and is gone when this process ends, however it ends.
 * @param environment of the go command: where its modules and its own cache are, proxies and the like
 * @returns the folder that holds the programs
 */
export async function build(
  bundle: Bundle,
  cache: string,
  environment: Readonly<Record<string, string>>,
  screen: Screen,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted()
  const folder = join(cache, bundle.folderName)
  const why = await flaw(folder, bundle.programs)
  if (why === undefined) return folder
  await requireGo(bundle, environment, signal)
  screen.write(
    `Building ${bundle.what} into ${folder} (${why}).\nThis happens once and takes ${bundle.takes}.\n`,
  )
  await sweepBuildings(cache)
  const keptLogs = logsFolder(join(cache, 'logs'), 'build')
  try {
    await buildInto(folder, bundle, await begin(cache, keptLogs), environment, screen, signal)
  } catch (error) {
    signal.throwIfAborted()
    const kept = existsSync(keptLogs) ? `\nThe whole log is kept in ${keptLogs}.` : ''
    throw new Error(`${(error as Error).message}${kept}`)
  }
  screen.write(`Built: ${bundle.what}.\n`)
  return folder
}

async function begin(cache: string, keptLogs: string): Promise<Supervisor> {
  return await Supervisor.begin(buildingPrefix(cache), keptLogs).catch(async (error: Error) => {
    throw new Error(await explained(error.message, cache))
  })
}

async function buildInto(
  folder: string,
  bundle: Bundle,
  supervisor: Supervisor,
  environment: Readonly<Record<string, string>>,
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  const abort = () => void supervisor.end({ keepLogs: false })
  signal.addEventListener('abort', abort)
  let keepLogs = false
  try {
    await awaitEarlierBuilds(supervisor.folder, signal, (pid) =>
      screen.write(`Another process (${pid}) is building already; waiting for it …\n`),
    )
    if ((await flaw(folder, bundle.programs)) === undefined) return
    const into = join(supervisor.folder, 'bin')
    // Go's own work folder goes along, because a killed go command leaves it behind.
    const env = { ...environment, CGO_ENABLED: '0', GOTMPDIR: supervisor.folder, GOWORK: 'off' }
    for (const step of bundle.builds(into)) await run(supervisor, step, env, screen, signal)
    await install(into, folder, bundle.programs)
  } catch (error) {
    keepLogs = !signal.aborted
    throw new Error(await explained((error as Error).message, supervisor.folder))
  } finally {
    signal.removeEventListener('abort', abort)
    await supervisor.end({ keepLogs })
    await rm(supervisor.folder, { recursive: true, force: true }) // it may have been killed
  }
}

async function run(
  supervisor: Supervisor,
  { what, folder, args }: GoBuild,
  env: Readonly<Record<string, string>>,
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  screen.write(`${what}: downloading its modules, where they are not there yet …\n`)
  const progress = new BuildProgress(await packageCount(folder, env, signal))
  const child = await supervisor.start(`build ${what}`.replaceAll(' ', '-'), {
    command: 'go',
    args,
    cwd: folder,
    env,
    onOutput(text) {
      progress.take(text)
      if (screen.terminal) screen.write(`\r\x1b[K${what}: ${progress.line}`)
      else {
        const milestone = progress.milestone
        if (milestone !== undefined) screen.write(`${what}: ${milestone}\n`)
      }
    },
  })
  yieldToOthers(child.pid)
  const exit = await child.exited
  if (screen.terminal) screen.write('\r\x1b[K')
  signal.throwIfAborted()
  if (exit.code === 0) return
  const complaints = progress.complaints.slice(-COMPLAINTS_SHOWN).join('\n')
  throw new Error(
    `${what} could not be built: go ${describeExit(exit)}.${explainLog(complaints)}\n${complaints}`.trimEnd(),
  )
}

/** The first of Go's errors says most, and a missing module makes hundreds alike; the log has all. */
const COMPLAINTS_SHOWN = 15

/** Minutes of compiling are no reason to make an editor or another test slow. */
function yieldToOthers(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // It has ended already, or this system has no priorities: neither matters.
  }
}
