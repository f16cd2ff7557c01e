import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bundle } from './bundle.ts'
import { explainLog, tail } from './log-hints.ts'

const run = promisify(execFile)

/** The list of a module's packages is about 200 KB long. */
const LONGEST_OUTPUT = 16 * 1024 * 1024

type Environment = Readonly<Record<string, string>>

/** Checks that there is a Go that can build a bundle. @throws Error that says what to install */
export async function requireGo(bundle: Bundle, env: Environment, signal: AbortSignal): Promise<void> {
  const needed = goVersion(readFileSync(join(bundle.module, 'go.mod'), 'utf8'))
  let said: string
  try {
    // In the module's folder Go fetches the toolchain that go.mod asks for, where its settings allow that.
    said = (await run('go', ['env', 'GOVERSION'], { cwd: bundle.module, env, signal })).stdout.trim()
  } catch (error) {
    signal.throwIfAborted()
    const { code, stderr } = error as { code?: unknown; stderr?: string }
    if (code === 'ENOENT') throw new Error(missingGo(bundle, needed, 'there is no `go` on the PATH'))
    throw new Error(missingGo(bundle, needed, stderr?.trim() || String(error)))
  }
  // Where it may fetch no toolchain, `go env` answers all the same; the build would fail, after what it downloads.
  if (!isAsNew(said, needed)) throw new Error(missingGo(bundle, needed, `\`go\` is ${said || 'unknown'}`))
}

/** The number of packages that a module's tools are made of. Downloads them where they are not there yet. */
export async function packageCount(folder: string, env: Environment, signal: AbortSignal): Promise<number> {
  let stdout: string
  try {
    const options = { cwd: folder, env, signal, maxBuffer: LONGEST_OUTPUT }
    stdout = (await run('go', ['list', '-mod=readonly', '-deps', 'tool'], options)).stdout
  } catch (error) {
    signal.throwIfAborted()
    const said = (error as { stderr?: string }).stderr ?? String(error)
    throw new Error(`Go could not load the packages of ${folder}.${explainLog(said)} It said:\n${tail(said)}`)
  }
  return stdout.trim().split('\n').length
}

/** The Go version that a go.mod asks for. */
export function goVersion(goMod: string): string {
  const version = /^go\s+(\S+)/m.exec(goMod)?.[1]
  if (version === undefined) throw new Error('go.mod names no Go version')
  return version
}

/** Whether a GOVERSION (`go1.26.8`, `go1.27rc1`, `devel go1.27-3f2a1bc`) is at least the version that a go.mod asks for. */
export function isAsNew(said: string, needed: string): boolean {
  const numbers = (text: string) => (/\d+(?:\.\d+)+/.exec(text)?.[0] ?? '').split('.').map(Number)
  const has = numbers(said)
  const wanted = numbers(needed)
  const differs = wanted.findIndex((number, index) => number !== (has[index] ?? 0))
  return differs === -1 || (has[differs] ?? 0) > (wanted[differs] ?? 0)
}

/** What to do where Go is missing or too old. */
export function missingGo({ what, instead }: Bundle, needed: string, why: string): string {
  return `${what.replace(/^t/, 'T')} has to be built once, which takes Go ${needed} or newer: ${why}.
Either install Go (https://go.dev/doc/install; \`brew install go\` on macOS; many distributions' \`golang\` package
is older), or ${instead}.`
}
