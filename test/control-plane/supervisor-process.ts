/**
 * Runs as a process of its own and owns a temporary folder and the processes that were started through it.
 * Whoever started it talks to it over Node's IPC channel; that channel closes when they end in whatever way, a
 * SIGKILL or a crash included, and then everything here is ended and removed. A handler for exits in the test
 * process itself could not promise that.
 *
 * It runs in a session of its own, so that Ctrl-C in a terminal reaches the test process but not the servers: they
 * are ended once, in order, by this process alone.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command, Exit, Report } from './supervisor-messages.ts'

const [prefix, keptLogs] = process.argv.slice(2)
if (prefix === undefined || keptLogs === undefined || process.send === undefined) {
  throw new Error('this is started by supervisor.ts, not by hand')
}
const keepLogsIn: string = keptLogs

/** A folder that somebody still writes to is tried again: a killed server may have a write under way. */
const REMOVE = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const

const LOGS = 'logs'
const running = new Map<string, ChildProcess>()
let ending = false

mkdirSync(dirname(prefix), { recursive: true })
const folder = mkdtempSync(prefix)
const logs = join(folder, LOGS)
mkdirSync(logs)

process.on('message', (command: Command) => {
  if (command.type === 'start') start(command)
  else if (command.type === 'signal') signalGroup(running.get(command.name), command.signal)
  else end(command.keepLogs)
})
// No `end` was said: whoever it was crashed or was killed, and its logs may tell why.
process.on('disconnect', () => end(true))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(true))
report({ type: 'ready', folder })

function start({ name, command, args, cwd, env, relay }: Command & { type: 'start' }): void {
  if (ending) return
  let log: number
  try {
    log = openSync(join(logs, `${name}.log`), 'a')
  } catch (error) {
    report({ type: 'exited', name, exit: { code: null, signal: null, error: (error as Error).message } })
    return
  }
  // `detached` makes the child the leader of a process group, so that what it starts is ended with it.
  const child = spawn(command, args, {
    cwd: cwd ?? folder,
    env,
    detached: true,
    stdio: relay ? ['ignore', 'pipe', 'pipe'] : ['ignore', log, log],
  })
  running.set(name, child)
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      write(log, text)
      report({ type: 'output', name, text })
    })
  }
  if (child.pid !== undefined) report({ type: 'started', name, pid: child.pid })
  let exit: Exit | undefined
  child.once('error', (error) => {
    if (child.pid === undefined) finished({ code: null, signal: null, error: error.message })
  })
  child.once('close', (code, signal) => finished({ code, signal }))

  function finished(how: Exit): void {
    if (exit !== undefined) return
    exit = how
    signalGroup(child, 'SIGKILL') // what it started and left behind
    closeSync(log)
    running.delete(name)
    report({ type: 'exited', name, exit })
    if (ending && running.size === 0) leave()
  }
}

/** Of a full disk the process itself tells, in what is relayed; that the log lacks it is no reason to end everything. */
function write(log: number, text: string): void {
  try {
    writeSync(log, text)
  } catch {}
}

let keepLogs = false

/** Nothing in the folder outlives this, so there is nothing that a server would have to put in order: SIGKILL. */
function end(keep: boolean): void {
  if (ending) return
  ending = true
  keepLogs = keep
  for (const child of running.values()) signalGroup(child, 'SIGKILL')
  if (running.size === 0) leave()
}

function leave(): void {
  try {
    // The logs last: where the disk is full, what else was written makes room for them.
    for (const name of readdirSync(folder)) if (name !== LOGS) rmSync(join(folder, name), REMOVE)
    if (keepLogs) cpSync(logs, keepLogsIn, { recursive: true })
  } catch {
    rmSync(keepLogsIn, REMOVE) // a part of them would look like all
  } finally {
    rmSync(folder, REMOVE)
    process.exit()
  }
}

function signalGroup(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child?.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function report(message: Report): void {
  // The channel may close at any moment; `disconnect` deals with that, so a failed send is no error of its own.
  if (process.connected) process.send?.(message, undefined, {}, () => {})
}
