import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { awaitEarlierBuilds, buildingPrefix, sweepBuildings } from './building.ts'
import { until } from './until.ts'

const WITHIN_MS = 10_000
const never = new AbortController().signal
const { pid: gone } = spawnSync(process.execPath, ['--version'])

t.test('what a process that is gone left behind is swept, and nothing else', async (t) => {
  const left = `.building-${hostname()}-${gone}-abcdef`
  const [running, elsewhere, built] = [
    `.building-${hostname()}-${process.pid}-abcdef`,
    `.building-another.machine-${gone}-abcdef`,
    'kubernetes-v1.36.3-etcd-v3.6.8-linux-x64',
  ]
  const cache = t.testdir({ [left]: { bin: { etcd: '' } }, [running]: {}, [elsewhere]: {}, [built]: {} })
  await sweepBuildings(cache)
  t.same(readdirSync(cache).sort(), [elsewhere, running, built])
  await sweepBuildings(join(cache, 'not-there-yet'))
})

/** Makes the folder of a build of this process. */
function begun(cache: string, name: string): string {
  const folder = `${buildingPrefix(cache)}${name}`
  mkdirSync(folder)
  return folder
}

t.test('the later one waits for the earlier one, which waits for nobody', async (t) => {
  const cache = t.testdir()
  const earlier = begun(cache, 'zzzzzz')
  // File systems tell times apart by some milliseconds.
  const later = await until('the clock to go on', WITHIN_MS, never, async () => {
    const folder = begun(cache, 'aaaaaa')
    if (statSync(folder).birthtimeMs > statSync(earlier).birthtimeMs) return folder
    rmdirSync(folder)
    return undefined
  })
  const said: number[] = []
  const { promise: waits, resolve } = Promise.withResolvers<void>()
  const waiting = (pid: number) => {
    said.push(pid)
    resolve()
  }
  await awaitEarlierBuilds(earlier, never, waiting)
  t.same(said, [])
  const waited = awaitEarlierBuilds(later, never, waiting)
  await waits
  rmdirSync(earlier)
  await waited
  t.same(said, [process.pid])
})

t.test('an interruption ends the wait', async (t) => {
  const cache = t.testdir()
  begun(cache, 'earlier')
  const controller = new AbortController()
  const waited = awaitEarlierBuilds(begun(cache, 'later'), controller.signal, () =>
    controller.abort(new Error('interrupted')),
  )
  await t.rejects(waited, { message: 'interrupted' })
})

t.test('nobody waits for a process that is gone', async (t) => {
  const cache = t.testdir({ [`.building-${hostname()}-${gone}-abcdef`]: {} })
  await awaitEarlierBuilds(begun(cache, 'later'), never, () => t.fail('there is nothing to wait for'))
})
