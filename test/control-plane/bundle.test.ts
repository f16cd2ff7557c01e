import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { controlPlaneBundle, helmBundle } from './bundle.ts'
import { DEFAULT_MINOR, helmModule, release } from './releases.ts'

const bundles = [controlPlaneBundle(release(DEFAULT_MINOR)), helmBundle()]

t.test('each has a folder of its own, by version and machine', async (t) => {
  const [controlPlane, helm] = bundles.map(({ folderName }) => folderName)
  t.match(controlPlane, /^kubernetes-v1\.\d+\.\d+-etcd-v3\.\d+\.\d+-\w+-\w+$/)
  t.match(helm, /^helm-v4\.\d+\.\d+-\w+-\w+$/)
})

for (const { what, programs, module, builds } of bundles) {
  t.test(`${what}: each program is what one of its builds makes`, async (t) => {
    const goMods = builds('/out').map(({ folder }) => readFileSync(join(folder, 'go.mod'), 'utf8'))
    for (const program of programs)
      t.ok(
        goMods.some((goMod) => new RegExp(`\\b${program}(/server/v3)?\\n`).test(goMod)),
        program,
      )
    t.match(readFileSync(join(module, 'go.mod'), 'utf8'), /^go 1\.\d+/m)
    for (const { args } of builds('/out'))
      t.ok(args.includes('-mod=readonly'), 'go.sum decides what is downloaded')
  })
}

t.test('Helm is told its version', async (t) => {
  const [build] = helmBundle().builds('/out')
  t.match(build?.args.join(' '), `internal/version.version=${helmModule().version} `)
})
