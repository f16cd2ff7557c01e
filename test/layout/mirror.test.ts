import { stripTypeScriptTypes } from 'node:module'
import t from 'tap'
import { files, read } from './sources.ts'

/** Tests that stand for no single source: of the layout, of files outside src/, of several parts together. */
const OTHER_TESTS =
  /^test\/(?:(?:layout|agreement|e2e|bench|deploy|readme|fixtures|tryout|control-plane|prometheus)\/|server\/flood\.test\.ts$)/

const sources = files('src/**/*.ts')
const tests = files('test/**/*.test.ts')

/** A file of types only has nothing to test: without its types nothing is left. */
function hasLogic(path: string): boolean {
  return (
    stripTypeScriptTypes(read(path))
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      .trim() !== ''
  )
}

t.test('every source that does something has its test', async (t) => {
  t.ok(sources.length > 50, 'the sources are found')
  const missing = sources
    .filter(hasLogic)
    .map((path) => path.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts'))
    .filter((path) => !tests.includes(path))
  t.strictSame(missing, [])
})

t.test('every test has its source', async (t) => {
  const orphans = tests
    .filter((path) => !OTHER_TESTS.test(path))
    .map((path) => path.replace(/^test\//, 'src/').replace(/\.test\.ts$/, '.ts'))
    .filter((path) => !sources.includes(path))
  t.strictSame(orphans, [])
})
