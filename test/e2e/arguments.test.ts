import { spawnSync } from 'node:child_process'
import t from 'tap'

const cases: [program: string, argument: string, usage: string][] = [
  ['soak', 'abc', 'Usage: node test/e2e/soak.ts [MINUTES]'],
  ['soak', '0', 'Usage: node test/e2e/soak.ts [MINUTES]'],
  ['bench', 'abc', 'Usage: node test/e2e/bench.ts [ROUNDS]'],
  ['bench', '1.5', 'Usage: node test/e2e/bench.ts [ROUNDS]'],
]
for (const [program, argument, usage] of cases) {
  t.test(`${program} ${argument} is told before anything is built`, async (t) => {
    const cache = t.testdir()
    const { status, stderr } = spawnSync(process.execPath, [`test/e2e/${program}.ts`, argument], {
      encoding: 'utf8',
      env: { PATH: cache, XDG_CACHE_HOME: cache }, // nothing is built, and there is no Go
    })
    t.equal(status, 2)
    t.ok(stderr.startsWith(usage), stderr)
  })
}
