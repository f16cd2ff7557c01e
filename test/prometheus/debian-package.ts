import { execFile } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A package of 20 MB and, if need be, lists of 10 MB, by a slow line. */
const WITHIN_MS = 10 * 60 * 1000

/** Whether there are the tools of Debian and what is built on it. */
export async function debianTools(): Promise<boolean> {
  try {
    await Promise.all([run('apt-get', ['--version']), run('dpkg-deb', ['--version'])])
    return true
  } catch {
    return false
  }
}

/**
 * Downloads a Debian package and unpacks it. Needs no root: nothing is installed, and where the machine's package lists are
 * missing or out of date, they are read into a folder of their own.
 * @param work an empty folder; what is unpacked is returned as a folder in it
 * @throws Error with what apt-get or dpkg-deb said
 */
export async function unpackDebianPackage(name: string, work: string, signal: AbortSignal): Promise<string> {
  const command = (program: string, args: readonly string[], cwd: string) =>
    run(program, args, { cwd, signal, timeout: WITHIN_MS })
  const packages = join(work, 'packages')
  const unpacked = join(work, 'unpacked')
  await Promise.all([mkdir(packages), mkdir(unpacked)])
  try {
    await command('apt-get', ['download', name], packages)
  } catch {
    signal.throwIfAborted()
    const own = await ownLists(work)
    await command('apt-get', [...own, 'update'], packages)
    await command('apt-get', [...own, 'download', name], packages)
  }
  const [file] = await readdir(packages)
  if (file === undefined) throw new Error(`apt-get download ${name} brought no file`)
  await command('dpkg-deb', ['--extract', join(packages, file), unpacked], packages)
  return unpacked
}

/** Options by which apt keeps its lists in a folder; root's apt would give up its rights, and could not write there. */
async function ownLists(work: string): Promise<string[]> {
  const [lists, cache] = [join(work, 'lists'), join(work, 'cache')]
  await Promise.all([
    mkdir(join(lists, 'partial'), { recursive: true }),
    mkdir(join(cache, 'archives', 'partial'), { recursive: true }),
  ])
  const options = [`Dir::State::Lists=${lists}`, `Dir::Cache=${cache}`, 'APT::Sandbox::User=root']
  return options.flatMap((option) => ['-o', option])
}
