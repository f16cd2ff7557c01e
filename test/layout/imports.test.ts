import { posix } from 'node:path'
import t from 'tap'
import { files, read } from './sources.ts'

/** What each part of src/ may import of the others. Nothing points back. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  image: [],
  workload: ['image'],
  policy: ['image', 'workload'],
  rules: ['image', 'workload', 'policy'],
  judge: ['image', 'workload', 'policy', 'rules'],
  preview: ['image', 'workload', 'policy', 'rules', 'judge'],
  admission: ['image', 'workload', 'policy', 'rules', 'judge', 'preview'],
  files: ['image', 'workload', 'policy'],
  certificates: ['files'],
  cluster: ['image', 'workload', 'policy', 'rules', 'judge', 'preview', 'admission', 'certificates'],
  server: [
    'image',
    'workload',
    'policy',
    'rules',
    'judge',
    'preview',
    'admission',
    'files',
    'certificates',
    'cluster',
  ],
  cli: [
    'image',
    'workload',
    'policy',
    'rules',
    'judge',
    'preview',
    'admission',
    'files',
    'certificates',
    'cluster',
    'server',
  ],
  main: ['cli'],
}

/** Parts that decide and do nothing else: no file, no socket, no clock, no process. */
const PURE: readonly string[] = ['image', 'workload', 'policy', 'rules', 'judge', 'preview', 'admission']

/** Packages that one part only may import, so that replacing one touches that part only. */
const ONLY_IN: Readonly<Record<string, string>> = {
  fastify: 'server',
  '@kubernetes/client-node': 'cluster',
  'prom-client': 'server',
  pino: 'server',
  commander: 'cli',
  '@peculiar/x509': 'certificates',
}

const IMPORT = /(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)'([^']+)'/gm
/** Comments may speak of what the code may not do. Strings stay: they hold what is imported. */
const COMMENT = /\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm

/** `src/image/tag.ts` is in `image`, `src/judge.ts` in `judge`. */
function partOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.ts$/, '')
}

function codeOf(path: string): string {
  return read(path).replace(COMMENT, '')
}

function importsOf(path: string): string[] {
  return [...codeOf(path).matchAll(IMPORT)].map(([, specifier = '']) => specifier)
}

const sources = files('src/**/*.ts')

t.test('every part of src/ has its place in the layers', async (t) => {
  t.ok(sources.length > 50, 'the sources are found')
  t.strictSame([...new Set(sources.map(partOf))].filter((part) => LAYERS[part] === undefined).sort(), [])
})

t.test('the layers have no cycle', async (t) => {
  const known: string[] = []
  for (const [part, below] of Object.entries(LAYERS)) {
    t.strictSame(
      below.filter((other) => !known.includes(other)),
      [],
      `${part} imports only what is above it in the table`,
    )
    known.push(part)
  }
})

t.test('each source imports only what its part may', async (t) => {
  const wrong = sources.flatMap((path) =>
    importsOf(path)
      .filter((specifier) => !allowed(path, partOf(path), specifier))
      .map((specifier) => `${path} imports ${specifier}`),
  )
  t.strictSame(wrong, [])
})

function allowed(path: string, part: string, specifier: string): boolean {
  if (specifier.startsWith('.')) {
    const target = partOf(posix.join(posix.dirname(path), specifier))
    return target === part || (LAYERS[part] ?? []).includes(target)
  }
  if (specifier.startsWith('node:')) return !PURE.includes(part)
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  return ONLY_IN[name] === undefined || ONLY_IN[name] === part
}

t.test('pure parts know no clock, no chance and no process', async (t) => {
  const impure = /\bDate\.now\(|\bnew Date\(\s*\)|\bMath\.random\(|\bperformance\b|\bprocess\.|\bsetTimeout\(/
  for (const path of sources.filter((path) => PURE.includes(partOf(path))))
    t.equal(impure.exec(codeOf(path))?.[0], undefined, path)
})

t.test('the environment is read in one place', async (t) => {
  t.strictSame(
    sources.filter((path) => /\bprocess\.env\b|\benv\b.*from 'node:process'/.test(codeOf(path))),
    ['src/cli/environment.ts'],
  )
})

t.test('what the guard sees', async (t) => {
  const seen = (text: string) => [...text.matchAll(IMPORT)].map(([, specifier]) => specifier)
  t.strictSame(seen("import type { A } from './a.ts'\nexport { b } from '../b.ts'"), ['./a.ts', '../b.ts'])
  t.strictSame(seen("import 'reflect-metadata'\nconst x = await import('./c.ts')"), [
    'reflect-metadata',
    './c.ts',
  ])
  t.strictSame(seen("type T = import('../d.ts').T"), ['../d.ts'])
  t.notOk(allowed('src/image/a.ts', 'image', '../policy/b.ts'), 'a layer above')
  t.notOk(allowed('src/cli/serve.ts', 'cli', 'fastify'), "another part's package")
  t.notOk(allowed('src/admission/a.ts', 'admission', 'node:fs'), 'the file system in a pure part')
  t.ok(allowed('src/cli/serve.ts', 'cli', '../server/serve.ts'), 'a layer below')
})
