import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { DEPLOY, manifest, ROOT } from './manifests.ts'

const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8')
const instructions = dockerfile
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line !== '')
const of = (name: string) =>
  instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))

t.test('what is copied from the repository is there, and reaches the build', async (t) => {
  const admitted = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1))
  const copied = of('COPY')
    .filter((line) => !line.startsWith('--from='))
    .flatMap((line) => line.split(' ').slice(0, -1))
    .map((path) => path.replace(/\/$/, ''))
  for (const path of copied) t.ok(existsSync(join(ROOT, path)), `${path} exists`)
  t.same([...new Set(copied)].sort(), [...admitted].sort(), '.dockerignore admits just these')
})

t.test('what is copied from a stage is made there', async (t) => {
  const stages = of('FROM').flatMap((line) => line.split(' AS ')[1] ?? [])
  for (const line of of('COPY').filter((line) => line.startsWith('--from='))) {
    const [, stage, path] = /^--from=(\S+) \/app\/(\S+)\/ /.exec(line) ?? []
    t.ok(stages.includes(stage ?? ''), `${line}: a stage of that name`)
    t.ok(['node_modules', 'dist'].includes(path ?? ''), `${line}: a folder that npm or tsc makes`)
  }
  const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.build.json'), 'utf8'))
  t.equal(compilerOptions.outDir, 'dist')
  t.ok(existsSync(join(ROOT, 'node_modules/typescript/bin/tsc')), 'tsc is where the build calls it')
})

t.test('the entry point is what the package calls its program', async (t) => {
  const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  t.same(JSON.parse(of('ENTRYPOINT')[0] ?? '[]'), ['/nodejs/bin/node', bin.tallyman])
})

t.test('it runs as the user that the Deployment names, with the same heap settings', async (t) => {
  const { spec } = manifest('base/deployment.yaml')[0].spec.template
  const { runAsUser, runAsGroup } = spec.securityContext
  t.same(of('USER'), [`${runAsUser}:${runAsGroup}`])
  for (const { name, value } of spec.containers[0].env) t.match(of('ENV')[0], `${name}="${value}"`)
})
