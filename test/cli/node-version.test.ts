import { readFileSync } from 'node:fs'
import t from 'tap'
import { nodeProblem } from '../../src/cli/node-version.ts'

const cases: [version: string, ok: boolean][] = [
  ['18.20.0', false],
  ['20.20.2', false],
  ['22.18.9', false],
  ['22.19.0', true],
  ['23.0.0', true],
  ['26.10.0', true],
]
for (const [version, ok] of cases) {
  t.test(`Node ${version}`, async (t) => {
    const problem = nodeProblem(version)
    if (ok) t.equal(problem, undefined)
    else t.match(problem, `needs Node 22.19 or newer, and this is ${version}`)
  })
}

t.test('package.json asks for the same', async (t) => {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  t.equal(engines.node, '>=22.19')
})
