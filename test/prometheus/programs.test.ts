import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { programsIn, prometheusPrograms } from './programs.ts'

function folder(t: Test, programs: readonly string[]): string {
  const folder = t.testdir(Object.fromEntries(programs.map((program) => [program, '#!/bin/sh\n'])))
  for (const program of programs) chmodSync(join(folder, program), 0o755)
  return folder
}

t.test('a folder that has both', async (t) => {
  const both = folder(t, ['prometheus', 'promtool'])
  t.same(await programsIn(both), {
    prometheus: join(both, 'prometheus'),
    promtool: join(both, 'promtool'),
  })
})

t.test('one alone, or one that may not be executed, is none', async (t) => {
  t.equal(await programsIn(folder(t, ['promtool'])), undefined)
  const both = folder(t, ['prometheus', 'promtool'])
  chmodSync(join(both, 'promtool'), 0o644)
  t.equal(await programsIn(both), undefined)
})

t.test('what the cache has is used, and nothing is fetched', async (t) => {
  const name = `prometheus-${process.platform}-${process.arch}`
  const cache = t.testdir({ [name]: { prometheus: '#!/bin/sh\n', promtool: '#!/bin/sh\n' } })
  for (const program of ['prometheus', 'promtool']) chmodSync(join(cache, name, program), 0o755)
  const screen = { terminal: false, write: (text: string) => t.fail(text) }
  const found = await prometheusPrograms(cache, '', screen, new AbortController().signal)
  t.equal(found?.prometheus, join(cache, name, 'prometheus'))
})
