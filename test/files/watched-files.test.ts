import { execFileSync } from 'node:child_process'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type FileChange, readGroup, type WatchOptions, watchFiles } from '../../src/files/watched-files.ts'
import { Mount } from './mount.ts'

/** So long that only a notification of the file system can be the cause. */
const NO_POLL = 1e8
const SOON = 5

t.test('a mounted ConfigMap that is replaced is noticed through its folder', async (t) => {
  const mount = await Mount.create(t, { 'policy.yaml': 'one' })
  const changes = watching(t, [mount.path('policy.yaml')], { known: await hashOf(mount, 'policy.yaml') })
  const next = changes.next()
  await mount.write({ 'policy.yaml': 'two' })
  t.strictSame(text(await next), ['two'])
})

t.test('each change is reported once', async (t) => {
  const mount = await Mount.create(t, { a: '0' })
  const changes = watching(t, [mount.path('a')], { known: await hashOf(mount, 'a') })
  for (const content of ['1', '2', '3']) {
    const next = changes.next()
    await mount.write({ a: content })
    t.strictSame(text(await next), [content])
  }
})

t.test('a pipe is read once, because it gives what it holds once', async (t) => {
  const pipe = join(t.testdir({}), 'pipe')
  execFileSync('mkfifo', [pipe])
  const [{ contents }] = await Promise.all([readGroup([pipe]), writeFile(pipe, 'once')])
  t.same(contents.map(String), ['once'])
})

t.test('the same contents written anew are no change', async (t) => {
  const mount = await Mount.create(t, { a: 'same' })
  const changes = watching(t, [mount.path('a')], { known: await hashOf(mount, 'a'), pollMs: SOON })
  const next = changes.next()
  for (let i = 0; i < 5; i++) await mount.write({ a: 'same' })
  await mount.write({ a: 'other' })
  t.strictSame(text(await next), ['other'], 'the first thing that is reported')
})

t.test('what changed before the watch began is reported', async (t) => {
  const mount = await Mount.create(t, { a: 'before' })
  const known = await hashOf(mount, 'a')
  await mount.write({ a: 'after' })
  t.strictSame(text(await watching(t, [mount.path('a')], { known }).next()), ['after'])
})

t.test('without notifications, polling finds it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tallyman-test-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'later', 'a')
  // The folder cannot be watched: it is not there yet. Reading fails often enough to be reported, once.
  const changes = watching(t, [path], { pollMs: SOON })
  const missing = (await changes.next()).value as FileChange
  t.match('error' in missing && missing.error, { code: 'ENOENT' })
  const next = changes.next()
  const made = await Mount.create(t, { a: 'there' })
  await rename(made.folder, join(folder, 'later'))
  t.strictSame(text(await next), ['there'])
})

t.test(
  'a file that is missing for a moment is no news, one that is gone is, and so is its return',
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'tallyman-test-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    const path = join(folder, 'a')
    await writeFile(path, 'one')
    const changes = watching(t, [path], { known: (await readGroup([path])).hash, pollMs: SOON })
    const gone = changes.next()
    await rm(path)
    t.match((await gone).value, { error: { code: 'ENOENT' } })
    const back = changes.next()
    await writeFile(path, 'one')
    t.strictSame(text(await back), ['one'], 'although the contents are the old ones')
  },
)

t.test('files of a group are reported together', async (t) => {
  const mount = await Mount.create(t, { 'tls.crt': 'c1', 'tls.key': 'k1' })
  const paths = [mount.path('tls.crt'), mount.path('tls.key')]
  const changes = watching(t, paths, { known: (await readGroup(paths)).hash })
  for (const n of [2, 3, 4, 5]) {
    const next = changes.next()
    await mount.write({ 'tls.crt': `c${n}`, 'tls.key': `k${n}` })
    t.strictSame(text(await next), [`c${n}`, `k${n}`])
  }
})

t.test('where a file ends counts: the same bytes divided otherwise are other contents', async (t) => {
  const mount = await Mount.create(t, { a: 'xy', b: 'z', c: 'x', d: 'yz' })
  const one = await readGroup([mount.path('a'), mount.path('b')])
  const other = await readGroup([mount.path('c'), mount.path('d')])
  t.not(one.hash, other.hash)
})

t.test('the signal ends it, also while it waits', async (t) => {
  const mount = await Mount.create(t, { a: '1' })
  const stop = new AbortController()
  const changes = watchFiles([mount.path('a')], {
    signal: stop.signal,
    known: await hashOf(mount, 'a'),
    pollMs: NO_POLL,
  })
  const next = changes.next()
  stop.abort()
  t.strictSame(await next, { value: undefined, done: true })
  t.strictSame(await watchFiles([mount.path('a')], { signal: stop.signal }).next(), {
    value: undefined,
    done: true,
  })
})

t.test('a watch that ended leaves nothing behind', async (t) => {
  const mount = await Mount.create(t, { a: '1' })
  const before = process.getActiveResourcesInfo().filter(isWatch).length
  const stop = new AbortController()
  const changes = watchFiles([mount.path('a')], { signal: stop.signal, pollMs: NO_POLL })
  await changes.next()
  t.equal(
    process.getActiveResourcesInfo().filter(isWatch).length,
    before + 2,
    'a folder watched, and a timer',
  )
  const next = changes.next()
  stop.abort()
  await next
  await givenBack()
  t.equal(process.getActiveResourcesInfo().filter(isWatch).length, before)
})

t.test('nor does one whose reader is busy with a change when it ends', async (t) => {
  const mount = await Mount.create(t, { a: '1' })
  const before = process.getActiveResourcesInfo().filter(isWatch).length
  const stop = new AbortController()
  await watchFiles([mount.path('a')], { signal: stop.signal, pollMs: NO_POLL }).next()
  stop.abort()
  await givenBack()
  t.equal(process.getActiveResourcesInfo().filter(isWatch).length, before)
})

/** A closed watch is given back at the end of a turn of the event loop, behind its setImmediate. */
async function givenBack(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function isWatch(resource: string): boolean {
  return resource === 'FSEventWrap' || resource === 'Timeout'
}

/** A watch that ends with the test. */
function watching(t: Test, paths: string[], options: Omit<WatchOptions, 'signal'>) {
  const stop = new AbortController()
  t.teardown(() => stop.abort())
  return watchFiles(paths, { signal: stop.signal, pollMs: NO_POLL, settleMs: SOON, ...options })
}

async function hashOf(mount: Mount, name: string): Promise<string> {
  return (await readGroup([mount.path(name)])).hash
}

function text({ value }: IteratorResult<FileChange, void>): string[] {
  return value !== undefined && 'group' in value ? value.group.contents.map(String) : []
}
