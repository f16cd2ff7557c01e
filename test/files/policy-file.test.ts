import { join } from 'node:path'
import t, { type Test } from 'tap'
import { MAX_POLICY_BYTES, PolicyFile } from '../../src/files/policy-file.ts'
import { PolicyError } from '../../src/policy/parse.ts'
import type { Policy } from '../../src/policy/policy.ts'
import type { PolicyVersion } from '../../src/policy/policy-listener.ts'
import { Mount } from './mount.ts'

function policy(mode: string): string {
  return `apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: default}\nspec: {mode: ${mode}}\n`
}

t.test('the policy of a file holds in every namespace', async (t) => {
  const mount = await Mount.create(t, { 'policy.yaml': policy('audit') })
  const file = await PolicyFile.open(mount.path('policy.yaml'))
  t.equal(file.policy.mode, 'audit')
  for (const name of ['team-a', '']) {
    t.strictSame(file.for(name), { policy: file.policy, namespace: { name, labels: {} } })
  }
})

t.test('what it was made of is there as it is written, whatever mode replaces', async (t) => {
  const mount = await Mount.create(t, { 'policy.yaml': policy('audit') })
  const { source, policy: inForce } = await PolicyFile.open(mount.path('policy.yaml'), { mode: 'enforce' })
  t.equal(inForce.mode, 'enforce')
  t.strictSame(source.spec, { mode: 'audit' })
})

t.test('a bad one is refused at the start', async (t) => {
  const mount = await Mount.create(t, {
    'mode.yaml': policy('sometimes'),
    'large.yaml': '#'.repeat(MAX_POLICY_BYTES + 1),
  })
  const cases: [what: string, path: string, message: RegExp][] = [
    ['a mode that does not exist', mount.path('mode.yaml'), /mode\.yaml:4: spec\.mode: /],
    ['a file that is too large', mount.path('large.yaml'), /large\.yaml: is 1048577 bytes long/],
    ['no file', mount.path('none.yaml'), /none\.yaml: there is no such file/],
    ['a folder', mount.folder, /is a folder/],
    ['a folder that is a file', join(mount.path('mode.yaml'), 'x'), /cannot be read: ENOTDIR/],
  ]
  for (const [what, path, message] of cases) {
    await t.rejects(PolicyFile.open(path), message, what)
    await t.rejects(PolicyFile.open(path), PolicyError, `${what}: a PolicyError`)
  }
})

t.test('a new one comes into force, a bad one does not', async (t) => {
  const mount = await Mount.create(t, { 'policy.yaml': policy('warn') })
  const file = await PolicyFile.open(mount.path('policy.yaml'))
  const next = following(t, file)
  const hash = file.hash

  let news = next()
  await mount.write({ 'policy.yaml': policy('enforce') })
  t.strictSame(await news, { loaded: file.policy, hash: file.hash })
  t.equal(file.policy.mode, 'enforce')
  t.equal(file.source.spec.mode, 'enforce')
  t.not(file.hash, hash)

  const good = { policy: file.policy, hash: file.hash }
  news = next()
  await mount.write({ 'policy.yaml': 'spec: [' })
  t.match(await news, { refused: { name: 'PolicyError', source: file.path } })
  t.strictSame({ policy: file.policy, hash: file.hash }, good, 'the last good one stays')
  t.equal(file.for('team-a').policy, good.policy)
  t.equal(file.refused, 1)
  t.strictSame(file.inForce(), [{ policy: good.policy, version: { hash: good.hash } }])

  news = next()
  await mount.write({ 'policy.yaml': policy('audit') })
  await news
  t.equal(file.policy.mode, 'audit', 'and a good one after it comes into force')
  t.equal(file.refused, 0)
})

t.test('--mode holds also after a reload', async (t) => {
  const mount = await Mount.create(t, { 'policy.yaml': policy('warn') })
  const file = await PolicyFile.open(mount.path('policy.yaml'), { mode: 'enforce' })
  t.equal(file.policy.mode, 'enforce')
  const next = following(t, file)
  const news = next()
  await mount.write({ 'policy.yaml': policy('audit') })
  t.match(await news, { loaded: { mode: 'enforce' } })
})

/** Follows a file until the test ends; each call waits for the next news. */
function following(t: Test, file: PolicyFile) {
  let tell: (news: object) => void = () => {}
  const stop = new AbortController()
  const watch = file.watch(
    {
      loaded: (loaded: Policy, { hash }: PolicyVersion) => tell({ loaded, hash }),
      refused: (refused: Error) => tell({ refused }),
    },
    stop.signal,
  )
  t.teardown(() => {
    stop.abort()
    return watch
  })
  return () =>
    new Promise<object>((resolve) => {
      tell = resolve
    })
}
