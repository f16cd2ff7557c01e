import { join } from 'node:path'
import t, { type Test } from 'tap'
import { once200, ready, ServerFailure } from './readiness.ts'
import { Supervisor } from './supervisor.ts'

const never = new AbortController().signal

/** What comes of waiting for a shell that does this. */
async function failure(t: Test, script: string, ask: () => Promise<boolean>): Promise<unknown> {
  const place = t.testdir()
  const supervisor = await Supervisor.begin(join(place, 'run-'), join(place, 'kept'))
  t.teardown(() => supervisor.end({ keepLogs: false }))
  const launch = { command: '/bin/sh', args: ['-c', script], env: { PATH: '/usr/bin:/bin' } }
  const server = await supervisor.start('server', launch)
  return await ready([server], never, ask).then(
    () => 'ready',
    (error: unknown) => error,
  )
}

const refused = () => once200(() => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' })))
const stranger = () => once200(() => Promise.reject(new Error('self-signed certificate')))
const unready = () => once200(async () => ({ status: 503 }))

const cases: [what: string, script: string, ask: () => Promise<boolean>, message: RegExp, taken: boolean][] =
  [
    ['ended', 'echo no disk; exit 3', refused, /exit code 3.*\n.*no disk/s, false],
    ['ended, its port was taken', 'echo bind: address already in use; exit 1', unready, /exit code 1/, true],
    ['another server answers at its port', 'sleep 600', stranger, /self-signed certificate/, true],
  ]
for (const [what, script, ask, message, portWasTaken] of cases) {
  t.test(what, async (t) => {
    const error = await failure(t, script, ask)
    t.type(error, ServerFailure)
    t.match(error, { message, portWasTaken })
  })
}

t.test('ready at the second question', async (t) => {
  const answers = [503, 200]
  t.equal(
    await failure(t, 'sleep 600', () => once200(async () => ({ status: answers.shift() ?? 500 }))),
    'ready',
  )
})
