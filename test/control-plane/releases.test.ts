import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { PROGRAMS } from './go-build.ts'
import { MINORS, release, requiredVersion } from './releases.ts'

const goMods: [goMod: string, version: string, why: string][] = [
  ['module m\nrequire example.com/a v1.2.3\n', 'v1.2.3', 'a line of its own'],
  ['require (\n\texample.com/b v2.0.0\n\texample.com/a v1.2.3 // indirect\n)\n', 'v1.2.3', 'in a block'],
  [
    'replace (\n\texample.com/a => example.com/a v9.9.9\n)\nrequire example.com/a v1.2.3\n',
    'v1.2.3',
    'replaced',
  ],
  ['// require example.com/a v0.0.1\nrequire example.com/a v1.2.3', 'v1.2.3', 'after a comment'],
]
for (const [goMod, version, why] of goMods) {
  t.test(`a required version: ${why}`, async (t) => t.equal(requiredVersion(goMod, 'example.com/a'), version))
}

t.test('a module that go.mod does not require', async (t) => {
  t.throws(() => requiredVersion('module m\nrequire example.com/ab v1.0.0\n', 'example.com/a'), {
    message: 'go.mod does not require example.com/a',
  })
})

t.test('a minor version without a module names those that have one', async (t) => {
  t.throws(() => release('1.2'), {
    message: `KUBERNETES=1.2 is not among the versions that can be built: ${MINORS.join(', ')}`,
  })
})

for (const minor of MINORS) {
  t.test(`the modules of ${minor}`, async (t) => {
    const { kubernetes, etcd } = release(minor)
    t.ok(kubernetes.version.startsWith(`v${minor}.`), `${kubernetes.version} is a ${minor}`)
    const goMod = readFileSync(join(kubernetes.folder, 'go.mod'), 'utf8')
    const staging = kubernetes.version.replace('v1.', 'v0.')
    const replaced = [...goMod.matchAll(/^\t(k8s\.io\/\S+) => (\S+) (\S+)$/gm)]
    t.ok(replaced.length > 30, 'the staging modules are replaced')
    for (const [, from, to, version] of replaced) t.same([to, version], [from, staging])
    for (const program of PROGRAMS) {
      if (program !== 'etcd') t.match(goMod, `\tk8s.io/kubernetes/cmd/${program}\n`)
    }
    t.match(readFileSync(join(etcd.folder, 'go.mod'), 'utf8'), 'tool go.etcd.io/etcd/server/v3\n')
  })
}
