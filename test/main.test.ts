import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the real program as a process of its own. */
function tallyman(args: readonly string[], stdin = '', environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // The hooks that tap puts into its own processes only cost time here.
    const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...environment }
    const child = spawn(process.execPath, [MAIN, ...args], { env })
    const texts = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => {
      texts.stdout += String(chunk)
    })
    child.stderr.on('data', (chunk) => {
      texts.stderr += String(chunk)
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...texts }))
    child.stdin.end(stdin)
  })
}

const POD = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: main\n    image: ${image}\n`

const cases: [
  title: string,
  args: string[],
  stdin: string,
  code: number,
  stdout: RegExp,
  stderr: RegExp,
  environment?: NodeJS.ProcessEnv,
][] = [
  ['help teaches', [], '', 0, /helm template \. \| tallyman lint -/, /^$/],
  [
    'a manifest that passes',
    ['lint', '-'],
    POD('nginx:1.25.3'),
    0,
    /1 image in 1 object: nothing to mend/,
    /switched to enforce/,
  ],
  [
    'a manifest that is denied',
    ['lint', '-'],
    POD('nginx'),
    1,
    /stdin:7: error: Pod\/a, container "main" \[latestTag\]/,
    /enforce/,
  ],
  [
    'a file that is not there',
    ['lint', '-f', 'no-such-file.yaml'],
    '',
    2,
    /1 not read/,
    /no-such-file\.yaml: there is no such file/,
  ],
  ['a reference', ['explain', 'nginx:1.25'], '', 0, /partial: it moves/, /^$/],
  [
    'a variable that Kubernetes writes for a Service is no port',
    ['serve'],
    '',
    2,
    /^$/,
    /needs --tls-cert FILE and --tls-key FILE/,
    { TALLYMAN_PORT: 'tcp://10.0.0.1:443', TALLYMAN_MODE: '' },
  ],
  [
    'a variable that makes no sense',
    ['serve'],
    '',
    2,
    /^$/,
    /TALLYMAN_PORT.*A port is a number/s,
    { TALLYMAN_PORT: 'x' },
  ],
]

for (const [title, args, stdin, code, stdout, stderr, environment] of cases) {
  t.test(title, async (t) => {
    const ended = await tallyman(args, stdin, environment)
    t.match(ended.stdout, stdout)
    t.match(ended.stderr, stderr)
    t.equal(ended.code, code)
  })
}

t.test('a reader that stops early is no fault', async (t) => {
  const env = { ...process.env, NODE_OPTIONS: '' }
  const child = spawn(process.execPath, [MAIN, 'explain', '-', '-o', 'json'], { env })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
  })
  child.stdout.destroy()
  const code = new Promise((resolve) => child.on('close', resolve))
  child.stdin.on('error', () => {})
  child.stdin.end('nginx\n'.repeat(20_000))
  t.equal(await code, 0)
  t.equal(stderr, '')
})
