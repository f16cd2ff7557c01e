import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Under whom and within what a program runs. */
export interface Limits {
  readonly uid: number
  /** The file by which to join a group with a bound on memory; undefined: none. */
  readonly members: string | undefined
}

/**
 * Runs a program as a container runtime would, as process 1 of its own namespace and with a folder for its root that cannot be
 * written, by what every Debian has (util-linux): as root for real, as anybody else in a user namespace. The network is shared.
 */
const SETUP = `
set -eu
root=$1 members=$2; shift 2
[ -z "$members" ] || echo 0 > "$members"
mount --bind "$root" "$root"
mount -t proc -o ro,nosuid,nodev,noexec proc "$root/proc"
mount --bind /dev/null "$root/dev/null"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount -o remount,bind,ro,nosuid,nodev "$root"
exec setpriv --no-new-privs env -i "$@"
`

/** Gives a folder what a base image has: Node where the entry point looks for it, its libraries, and nothing else. */
export function addNode(root: string, program: string): void {
  const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' })
  const paths = [...libraries.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path)
  for (const path of paths) copy(path, join(root, path))
  copy(process.execPath, join(root, program))
  mkdirSync(join(root, 'proc'))
  mkdirSync(join(root, 'dev'))
  mkdirSync(join(root, 'sys/fs/cgroup'), { recursive: true })
  writeFileSync(join(root, 'dev/null'), '')
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
}

/** A program under limits. */
export interface Confined {
  /** Of the namespaces' maker, which ends as the program does, with its exit code. */
  readonly child: ChildProcess
  /** The program's own, as this namespace knows it. */
  pid(): number
}

/** What is started. */
export interface Program {
  readonly root: string
  readonly workdir: string
  /** A path in the root, and arguments. */
  readonly command: readonly string[]
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>
}

/** Starts a program. */
export function confined(program: Program, limits: Limits): Confined {
  const child = spawn('unshare', argumentsFor(program, limits), { stdio: ['ignore', 'pipe', 'pipe'] })
  const pid = () => {
    const [first] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ')
    return Number(first)
  }
  return { child, pid }
}

/** Why a program cannot be confined here, or false. */
export function cannotConfine(program: Program, limits: Limits): string | false {
  const { status, error, stderr } = spawnSync('unshare', argumentsFor(program, limits), { encoding: 'utf8' })
  if (status === 0) return false
  return `the image is not started under its limits, because this machine lets nobody make namespaces: ${error?.message ?? stderr}`
}

function argumentsFor({ root, workdir, command, env }: Program, { uid, members = '' }: Limits): string[] {
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child']
  const inside = [`--root=${root}`, `--wd=${workdir}`, ...command]
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const setup = ['sh', '-c', SETUP, 'sh', root, members, ...variables, 'unshare']
  if (process.getuid?.() === 0)
    return [...namespaces, ...setup, `--setuid=${uid}`, `--setgid=${uid}`, ...inside]
  // One user is all that may be mapped: first to root, who mounts, and then to the one that is wanted, who may nothing.
  const mapped = ['--user', `--map-user=${uid}`, `--map-group=${uid}`]
  return ['--user', '--map-root-user', ...namespaces, ...setup, ...mapped, ...inside]
}
