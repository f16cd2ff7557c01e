import { chmodSync } from 'node:fs'
import t from 'tap'
import { controlPlaneBundle } from './bundle.ts'
import { goVersion, isAsNew, missingGo, requireGo } from './go-command.ts'
import { DEFAULT_MINOR, release } from './releases.ts'

const bundle = controlPlaneBundle(release(DEFAULT_MINOR))

t.test('the Go version that a go.mod asks for', async (t) => {
  t.equal(goVersion('module m\n\ngo 1.26.0\n\ngodebug default=go1.26\n'), '1.26.0')
  t.throws(() => goVersion('module go\n'), { message: 'go.mod names no Go version' })
})

t.test('a missing Go: what is needed, and both ways out', async (t) => {
  const said = missingGo(bundle, '1.26.0', 'there is no `go` on the PATH')
  for (const part of [
    `Kubernetes ${release(DEFAULT_MINOR).kubernetes.version}`,
    'Go 1.26.0 or newer',
    'go.dev/doc/install',
    'KUBEBUILDER_ASSETS',
  ]) {
    t.match(said, part)
  }
})

t.test('a PATH without Go', async (t) => {
  const empty = t.testdir()
  const asked = requireGo(bundle, { PATH: empty }, new AbortController().signal)
  await t.rejects(asked, { message: /there is no `go` on the PATH/ })
})

t.test('a Go that is too old says so itself', async (t) => {
  const folder = t.testdir({ go: '#!/bin/sh\necho "go: go.mod requires go >= 1.26.0" >&2\nexit 1\n' })
  chmodSync(`${folder}/go`, 0o755)
  const asked = requireGo(bundle, { PATH: folder }, new AbortController().signal)
  await t.rejects(asked, { message: /: go: go\.mod requires go >= 1\.26\.0\.\nEither install Go/ })
})

t.test('a Go that is too old and does not say so', async (t) => {
  const folder = t.testdir({ go: '#!/bin/sh\necho go1.22.1\n' })
  chmodSync(`${folder}/go`, 0o755)
  const asked = requireGo(bundle, { PATH: folder }, new AbortController().signal)
  await t.rejects(asked, { message: /or newer: `go` is go1\.22\.1\.\nEither install Go/ })
})

const versions: [said: string, needed: string, enough: boolean][] = [
  ['go1.26.8', '1.26.0', true],
  ['go1.26.0', '1.26.0', true],
  ['go1.26', '1.26.0', true],
  ['go1.27rc1', '1.26.3', true],
  ['devel go1.27-3f2a1bc Mon Nov 23 2026', '1.26.0', true],
  ['go2.0', '1.26.0', true],
  ['go1.26.1', '1.26.2', false],
  ['go1.9', '1.26.0', false],
  ['', '1.26.0', false],
]
for (const [said, needed, enough] of versions) {
  t.test(`${said || 'nothing'} is ${enough ? '' : 'not '}enough for ${needed}`, async (t) =>
    t.equal(isAsNew(said, needed), enough),
  )
}
