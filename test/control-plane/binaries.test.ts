import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { binaries, helmBinary, pathOf } from './binaries.ts'
import { settings } from './settings.ts'

const quiet = { terminal: false, write() {} }

function assets(t: Test, programs: readonly string[]): string {
  const folder = t.testdir(Object.fromEntries(programs.map((program) => [program, '#!/bin/sh\n'])))
  for (const program of programs) chmodSync(join(folder, program), 0o755)
  return folder
}

async function find(folder: string) {
  const environment = { KUBEBUILDER_ASSETS: folder }
  return await binaries(settings(environment), environment, quiet, new AbortController().signal)
}

t.test('a folder as envtest makes it', async (t) => {
  const folder = assets(t, ['etcd', 'kube-apiserver', 'kubectl'])
  const found = await find(folder)
  t.equal(pathOf(found, 'kubectl'), join(folder, 'kubectl'))
  t.throws(() => pathOf(found, 'kube-controller-manager'), {
    message: /has no kube-controller-manager: unset it .*--controllers none/,
  })
})

t.test('a folder that has all four', async (t) => {
  const folder = assets(t, ['etcd', 'kube-apiserver', 'kubectl', 'kube-controller-manager'])
  const found = await find(folder)
  t.equal(pathOf(found, 'kube-controller-manager'), join(folder, 'kube-controller-manager'))
})

t.test('Helm is used where such a folder has it, and built by no means', async (t) => {
  const at = (folder: string) => {
    const environment = { KUBEBUILDER_ASSETS: folder, PATH: '' }
    return helmBinary(settings(environment), environment, quiet, new AbortController().signal)
  }
  const folder = assets(t, ['helm'])
  t.equal(await at(folder), join(folder, 'helm'))
  chmodSync(join(folder, 'helm'), 0o644)
  t.equal(await at(folder), undefined)
})

t.test('a folder that lacks some says which', async (t) => {
  await t.rejects(find(assets(t, ['kubectl'])), { message: /lacks etcd, kube-apiserver\./ })
})

t.test('a program that may not be executed is no program', async (t) => {
  const folder = assets(t, ['etcd', 'kube-apiserver', 'kubectl'])
  chmodSync(join(folder, 'etcd'), 0o644)
  await t.rejects(find(folder), { message: /lacks etcd\./ })
})

t.test('a version beside it is ignored, and that is said', async (t) => {
  const KUBEBUILDER_ASSETS = assets(t, ['etcd', 'kube-apiserver', 'kubectl'])
  for (const [KUBERNETES, expected] of [
    ['1.35', `KUBERNETES=1.35 is ignored: KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS} holds what is used.\n`],
    ['', ''],
  ] as const) {
    const environment = { KUBEBUILDER_ASSETS, KUBERNETES }
    const said: string[] = []
    const screen = { terminal: false, write: (text: string) => void said.push(text) }
    await binaries(settings(environment), environment, screen, new AbortController().signal)
    t.equal(said.join(''), expected)
  }
})
