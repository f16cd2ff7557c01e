import { existsSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { flaw, install } from './build-cache.ts'
import { PROGRAMS } from './go-build.ts'

/** A new object each time, because the same one twice looks like a cycle to tap. */
const built = () => Object.fromEntries(PROGRAMS.map((program) => [program, `the ${program} program`]))

t.test('a build that was installed is whole, and its work folder is gone', async (t) => {
  const folder = t.testdir({ '.building': built() })
  const target = join(folder, 'cache', 'kubernetes')
  t.equal(await flaw(target, PROGRAMS), 'not built yet')
  await install(join(folder, '.building'), target, PROGRAMS)
  t.equal(await flaw(target, PROGRAMS), undefined)
  t.notOk(existsSync(join(folder, '.building')))
})

const damages: [what: string, damage: (folder: string) => void, flaw: string][] = [
  ['no manifest', (folder) => rmSync(join(folder, 'built.json')), 'only half built'],
  ['a missing program', (folder) => rmSync(join(folder, 'etcd')), 'etcd is missing'],
  [
    'a cut program',
    (folder) => truncateSync(join(folder, 'kubectl'), 3),
    'kubectl has 3 bytes instead of 19',
  ],
]
for (const [what, damage, expected] of damages) {
  t.test(`${what} is noticed, and built over`, async (t) => {
    const folder = t.testdir({ one: built(), two: built() })
    const target = join(folder, 'cache')
    await install(join(folder, 'one'), target, PROGRAMS)
    damage(target)
    t.equal(await flaw(target, PROGRAMS), expected)
    await install(join(folder, 'two'), target, PROGRAMS)
    t.equal(await flaw(target, PROGRAMS), undefined)
  })
}

t.test('the build of whoever was first stays, because programs may run from it', async (t) => {
  const folder = t.testdir({ one: built(), two: { ...built(), etcd: 'another etcd' } })
  const target = join(folder, 'cache')
  await install(join(folder, 'one'), target, PROGRAMS)
  await install(join(folder, 'two'), target, PROGRAMS)
  t.equal(readFileSync(join(target, 'etcd'), 'utf8'), 'the etcd program')
})

t.test('a build that lacks a program is not installed', async (t) => {
  const folder = t.testdir({ one: { etcd: 'only this' } })
  await t.rejects(install(join(folder, 'one'), join(folder, 'cache'), PROGRAMS), { code: 'ENOENT' })
  t.equal(await flaw(join(folder, 'cache'), PROGRAMS), 'not built yet')
})
