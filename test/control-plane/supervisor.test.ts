import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Supervisor } from './supervisor.ts'
import { until } from './until.ts'

const SUPERVISOR = join(import.meta.dirname, 'supervisor.ts')
const never = new AbortController().signal
const WITHIN_MS = 30_000

/** Whether a process runs. On Linux one that has ended may be listed until init reaps it, up to seconds later. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !existsSync('/proc/self/stat') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
const gone = (what: string, check: () => boolean) =>
  until(`${what} to be gone`, WITHIN_MS, never, async () => (check() ? undefined : true))
/** A server that starts another one, prints its number, and stays. */
const server = {
  command: '/bin/sh',
  args: ['-c', 'sleep 600 & echo "$!"; wait'],
  env: { PATH: '/usr/bin:/bin' },
}

async function firstLine(path: string): Promise<string> {
  return await until('a line', WITHIN_MS, never, async () => /^(.+)\n/.exec(readFileSync(path, 'utf8'))?.[1])
}

t.test('end: no process and no folder is left', async (t) => {
  const place = t.testdir()
  const supervisor = await Supervisor.begin(join(place, 'run-'), join(place, 'kept'))
  const started = await supervisor.start('server', server)
  const grandchild = Number(await firstLine(started.log))
  t.ok(alive(started.pid) && alive(grandchild))
  await supervisor.end({ keepLogs: false })
  await gone('the processes', () => alive(started.pid) || alive(grandchild))
  t.notOk(existsSync(supervisor.folder))
  t.notOk(existsSync(supervisor.keptLogs))
  t.match(await started.exited, { signal: 'SIGKILL' })
  await supervisor.end({ keepLogs: false }) // again, and nothing happens
  await t.rejects(supervisor.start('late', server), { message: /its supervisor has ended/ })
})

t.test('logs are kept on request', async (t) => {
  const place = t.testdir()
  const supervisor = await Supervisor.begin(join(place, 'run-'), join(place, 'kept', 'one'))
  const { exited } = await supervisor.start('words', {
    ...server,
    args: ['-c', 'echo out; echo err >&2; exit 3'],
  })
  t.same(await exited, { code: 3, signal: null })
  await supervisor.end({ keepLogs: true })
  t.equal(readFileSync(join(place, 'kept', 'one', 'words.log'), 'utf8'), 'out\nerr\n')
})

t.test('a name is free again when its process has ended', async (t) => {
  const place = t.testdir()
  const supervisor = await Supervisor.begin(join(place, 'run-'), join(place, 'kept'))
  const first = await supervisor.start('server', server)
  await t.rejects(supervisor.start('server', server), { message: 'A process named server is running' })
  await firstLine(first.log)
  first.signal('SIGKILL')
  t.match(await first.exited, { signal: 'SIGKILL' })
  const second = await supervisor.start('server', { ...server, args: ['-c', 'echo again; exit 3'] })
  t.not(second.pid, first.pid)
  t.match(await second.exited, { code: 3 })
  t.match(readFileSync(second.log, 'utf8'), /^\d+\nagain\n$/)
  await supervisor.end({ keepLogs: false })
})

t.test('output is relayed, and logged as well', async (t) => {
  const place = t.testdir()
  const supervisor = await Supervisor.begin(join(place, 'run-'), join(place, 'kept'))
  let said = ''
  const launch = {
    ...server,
    args: ['-c', 'echo one; echo two'],
    onOutput(text: string) {
      said += text
    },
  }
  const { exited, log } = await supervisor.start('words', launch)
  await exited
  t.equal(said, 'one\ntwo\n')
  t.equal(readFileSync(log, 'utf8'), said)
  await supervisor.end({ keepLogs: false })
})

t.test('a log that has no room ends nothing', { skip: !existsSync('/dev/full') }, async (t) => {
  const place = t.testdir()
  const supervisor = await Supervisor.begin(join(place, 'run-'), join(place, 'kept'))
  symlinkSync('/dev/full', join(supervisor.folder, 'logs', 'words.log'))
  const said: string[] = []
  const onOutput = (text: string) => void said.push(text)
  const { exited } = await supervisor.start('words', {
    ...server,
    args: ['-c', 'echo one; exit 3'],
    onOutput,
  })
  t.same(await exited, { code: 3, signal: null })
  t.equal(said.join(''), 'one\n')
  await supervisor.end({ keepLogs: false })
})

t.test('a log that cannot be begun says why', async (t) => {
  const place = t.testdir()
  const supervisor = await Supervisor.begin(join(place, 'run-'), join(place, 'kept'))
  mkdirSync(join(supervisor.folder, 'logs', 'words.log'))
  await t.rejects(supervisor.start('words', server), { message: /^words could not be started: EISDIR/ })
  await supervisor.end({ keepLogs: false })
})

t.test('a folder that cannot be made says why, on one line', async (t) => {
  const place = t.testdir({ file: '' })
  await t.rejects(Supervisor.begin(join(place, 'file', 'run-'), join(place, 'kept')), {
    message: /^The supervisor of .* ended with exit code 1: E[A-Z]+: .*$/,
  })
})

t.test('logs that cannot be kept are not there in part', async (t) => {
  const place = t.testdir({ file: '' })
  const supervisor = await Supervisor.begin(join(place, 'run-'), join(place, 'file', 'kept'))
  await supervisor.end({ keepLogs: true })
  t.same(readdirSync(place), ['file'])
})

t.test('a program that is not there', async (t) => {
  const place = t.testdir()
  const supervisor = await Supervisor.begin(join(place, 'run-'), join(place, 'kept'))
  const missing = supervisor.start('missing', { ...server, command: join(place, 'no-such-program') })
  await t.rejects(missing, { message: /^missing could not be started: .*ENOENT/ })
  await supervisor.end({ keepLogs: false })
})

/** A process that starts a supervisor and a server, says their places, and then waits to be killed. */
async function victim(place: string): Promise<{ process: ChildProcess; folder: string; pids: number[] }> {
  const script = `
    const { Supervisor } = await import(${JSON.stringify(SUPERVISOR)})
    const supervisor = await Supervisor.begin(${JSON.stringify(join(place, 'run-'))}, ${JSON.stringify(join(place, 'kept'))})
    const { pid, log } = await supervisor.start('server', ${JSON.stringify(server)})
    console.log(JSON.stringify({ folder: supervisor.folder, pid, log }))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  const { folder, pid, log } = JSON.parse(String(line))
  return { process: child, folder, pids: [pid, Number(await firstLine(log))] }
}

for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM'] as const) {
  t.test(
    `whoever started it ends by ${signal}: no process and no folder is left, but the logs are`,
    async (t) => {
      const place = t.testdir()
      const { process: child, folder, pids } = await victim(place)
      t.ok(pids.every(alive))
      child.kill(signal)
      await once(child, 'exit')
      await gone('the processes', () => pids.some(alive))
      await gone('the folder', () => existsSync(folder))
      t.same(readdirSync(join(place, 'kept')), ['server.log'])
    },
  )
}
