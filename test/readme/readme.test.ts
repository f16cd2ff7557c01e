import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'

const ROOT = new URL('../../', import.meta.url)
const README = readFileSync(new URL('README.md', ROOT), 'utf8')
const RUN = '$ npm run --silent tallyman -- '

/** Each block of the README that shows a command of tallyman, with what it prints. */
const shown = [...README.matchAll(/^```console\n([\s\S]*?)^```$/gm)]
  .map(([, block = '']) => block)
  .filter((block) => block.startsWith(RUN))
  // These ask a cluster; test/e2e/readme.e2e.ts plays them in one.
  .filter((block) => !/^(preview|policy show) /.test(block.slice(RUN.length)))
  .map((block) => ({
    args: block.slice(RUN.length, block.indexOf('\n')).split(' '),
    output: block.slice(block.indexOf('\n') + 1),
  }))

/** An example of a tag is of today. */
const dateless = (text: string) => text.replace(/\b20\d{6}\b/g, 'YYYYMMDD')

t.ok(shown.length >= 3, 'the README shows commands')

for (const { args, output } of shown) {
  t.test(`tallyman ${args.join(' ')} prints what the README shows`, async (t) => {
    const { stdout, stderr } = spawnSync(process.execPath, ['src/main.ts', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    // A terminal shows both; what is about the run as a whole goes to standard error and comes first here.
    t.equal(dateless(stderr + stdout), dateless(output))
  })
}

t.test('each file that the README links to exists', async (t) => {
  for (const [, target = ''] of README.matchAll(/\]\(([^#)][^)]*)\)/g)) {
    t.ok(existsSync(new URL(target, ROOT)), target)
  }
})

t.test('each make target that the README names exists', async (t) => {
  const makefile = readFileSync(new URL('Makefile', ROOT), 'utf8')
  for (const [, target = ''] of README.matchAll(/\bmake ([a-z0-9-]+)(?=`| {2}|$)/gm)) {
    t.match(makefile, new RegExp(`^${target}:`, 'm'), target)
  }
})
