import { readFileSync } from 'node:fs'
import t from 'tap'
import { version } from '../../src/cli/version.ts'
import { tallyman } from './memory-terminal.ts'

t.test("the version is the package's", async (t) => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  t.equal(version(), JSON.parse(text).version)
  t.strictSame(await tallyman(['--version']), { code: 0, stdout: `${version()}\n`, stderr: '' })
})
