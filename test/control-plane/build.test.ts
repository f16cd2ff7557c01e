import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { build } from './build.ts'
import { controlPlaneBundle } from './bundle.ts'
import { PROGRAMS } from './go-build.ts'
import { DEFAULT_MINOR, release } from './releases.ts'
import { until } from './until.ts'

const never = new AbortController().signal
const WITHIN_MS = 30_000
const wanted = controlPlaneBundle(release(DEFAULT_MINOR))
const BUILT = `mkdir -p "$GOTMPDIR/bin"; for name in ${PROGRAMS.join(' ')}; do echo "$name" >"$GOTMPDIR/bin/$name"; done`

interface Place {
  readonly cache: string
  /** What was said so far. */
  said(): string
  build(): Promise<string>
}

/** A cache, and a Go on the PATH that builds by a shell's commands. */
function place(t: Test, commands: string): Place {
  const go = `#!/bin/sh\ncase $1 in\n env) echo go1.99.0;;\n list) echo a;;\n build) ${commands};;\nesac\n`
  const folder = t.testdir({ go })
  chmodSync(join(folder, 'go'), 0o755)
  const cache = join(folder, 'cache')
  const said: string[] = []
  const screen = { terminal: false, write: (text: string) => void said.push(text) }
  const environment = { PATH: `${folder}:/usr/bin:/bin` }
  return {
    cache,
    said: () => said.join(''),
    build: () => build(wanted, cache, environment, screen, never),
  }
}

t.test('a build ends in the cache, and nothing else is left', async (t) => {
  const { cache, build } = place(t, BUILT)
  t.equal(await build(), join(cache, wanted.folderName))
  t.same(readdirSync(cache), [wanted.folderName])
})

const LOG = /\nThe whole log is kept in (.*)\.$/
const NO_SPACE = 'echo "compile: writing output: no space left on device" >&2; exit 1'

const failures: [why: string, commands: string, says: RegExp, log: boolean][] = [
  [
    'a full disk',
    NO_SPACE,
    /: go ended with exit code 1\. The disk is full: free some space and try again\.\n/,
    true,
  ],
  ['a killed go', 'kill -9 $$', /could not be built: go was ended by SIGKILL\.\n/, true],
  [
    'a killed supervisor',
    'kill -9 $PPID; sleep 9',
    /(?:go was ended by SIGKILL\.|its supervisor has ended)$/,
    false,
  ],
]
for (const [why, commands, says, log] of failures) {
  t.test(`${why}: what it says, and what it leaves`, async (t) => {
    const { cache, build } = place(t, commands)
    const { message } = await build().then(
      () => new Error('it was built'),
      (error: Error) => error,
    )
    t.match(message, says)
    t.equal(existsSync(LOG.exec(message)?.[1] ?? ''), log, 'a log that is named is there')
    t.same(readdirSync(cache), log ? ['logs'] : [])
  })
}

t.test('of two at once one builds, and the other one says that it waits', async (t) => {
  const [log, goOn] = [join(t.testdirName, 'log'), join(t.testdirName, 'go-on')]
  const commands = `echo built >>"${log}"; until [ -e "${goOn}" ]; do sleep 0.05; done; ${BUILT}`
  const { cache, said, build } = place(t, commands)
  const both = Promise.all([build(), build()])
  await until('one to wait', WITHIN_MS, never, async () =>
    said().includes(`Another process (${process.pid}) is building already; waiting for it …\n`)
      ? true
      : undefined,
  )
  writeFileSync(goOn, '')
  const folder = join(cache, wanted.folderName)
  t.same(await both, [folder, folder])
  t.equal(readFileSync(log, 'utf8'), 'built\nbuilt\n', 'etcd and Kubernetes, once')
})
