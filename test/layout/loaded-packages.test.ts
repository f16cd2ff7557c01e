import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { ROOT, read } from './sources.ts'

/**
 * The packages that the sources of each command load. A package costs time at the start and memory ever after:
 * typebox, whose types the schema needs, took a fifth of the time until `serve` was ready while it was loaded too.
 */
const LOADED: Readonly<Record<string, readonly string[]>> = {
  serve: ['commander', 'fastify', 'pino', 'prom-client', 'semver', 'sonic-boom', 'yaml'],
  lint: ['commander', 'semver', 'yaml'],
  explain: ['commander', 'semver', 'yaml'],
  'webhook-rules': ['commander', 'semver', 'yaml'],
  certs: ['@peculiar/x509', 'commander', 'reflect-metadata'],
}

/** Imports a source in a process of its own, where nothing else has loaded anything. */
async function packagesOf(source: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'test/layout/loaded-packages.ts'), join(ROOT, source)],
    { env: { ...process.env, NODE_OPTIONS: '' } }, // The hooks that tap puts into its own processes load more.
  )
  return JSON.parse(stdout)
}

for (const [command, packages] of Object.entries(LOADED)) {
  t.test(`${command} loads what it needs, and no more`, async (t) => {
    t.strictSame(await packagesOf(`src/cli/${command}.ts`), packages)
  })
}

t.test('in a Pod serve loads no client of Kubernetes beside its own', async (t) => {
  for (const source of ['in-cluster-login', 'api-client', 'follow-cluster'])
    t.strictSame(
      (await packagesOf(`src/cluster/${source}.ts`)).filter((name) => !LOADED.serve?.includes(name)),
      [],
    )
})

t.test('what is loaded is installed where development packages are not', async (t) => {
  const { dependencies } = JSON.parse(read('package.json'))
  for (const name of new Set(Object.values(LOADED).flat())) t.ok(Object.hasOwn(dependencies, name), name)
})
