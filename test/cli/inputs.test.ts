import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { type Input, readInputs } from '../../src/cli/inputs.ts'

async function read(paths: string[], stdin = '', limit?: number): Promise<Input[]> {
  const inputs: Input[] = []
  for await (const input of readInputs(paths, Readable.from([stdin]), limit)) inputs.push(input)
  return inputs
}

t.test('a directory with all that is under it, sorted, each file once', async (t) => {
  const directory = t.testdir({
    'b.yaml': 'b',
    'a.yml': 'a',
    'c.json': 'c',
    'notes.txt': 'no manifest',
    deep: { er: { 'd.yaml': 'd' } },
    '.hidden': { 'h.yaml': 'h' },
    node_modules: { 'n.yaml': 'not ours' },
    '.git': { 'g.yaml': 'not ours' },
    '..data': { 'x.yaml': 'of a ConfigMap mount' },
    mounted: t.fixture('symlink', '..data'),
    loop: t.fixture('symlink', '.'),
    gone: t.fixture('symlink', 'nowhere'),
  })
  symlinkSync('b.yaml', join(directory, 'link.yaml'))
  symlinkSync('nowhere.yaml', join(directory, 'gone.yaml'))
  const found = await read([directory, join(directory, 'b.yaml')])
  t.strictSame(
    found.map((input) => [relative(directory, input.name), 'text' in input ? input.text : input]),
    [
      ['.hidden/h.yaml', 'h'],
      ['a.yml', 'a'],
      ['b.yaml', 'b'],
      ['c.json', 'c'],
      ['deep/er/d.yaml', 'd'],
      ['gone.yaml', { name: join(directory, 'gone.yaml'), problem: 'there is no such file' }],
      ['mounted/x.yaml', 'of a ConfigMap mount'],
    ],
  )
})

t.test('standard input, once', async (t) => {
  t.strictSame(await read(['-', '-'], '\ufefftext'), [{ name: 'stdin', text: 'text' }])
})

t.test('any name that a person gives is read, also a pipe', async (t) => {
  const directory = t.testdir({ 'pod.tmpl': 'a' })
  t.strictSame(await read([join(directory, 'pod.tmpl')]), [{ name: join(directory, 'pod.tmpl'), text: 'a' }])
  const pipe = join(directory, 'pipe.yaml')
  execFileSync('mkfifo', [pipe])
  t.strictSame(await read([directory]), [], 'in a directory a pipe is passed over')
  const reading = read([pipe])
  await writeFile(pipe, 'from a pipe')
  t.strictSame(await reading, [{ name: pipe, text: 'from a pipe' }])
})

t.test('what cannot be read is told and does not hide the rest', async (t) => {
  const directory = t.testdir({ 'a.yaml': 'a', 'b.yaml': 'a\0b' })
  const [missing, a, binary] = await read(['no/such', join(directory, 'a.yaml'), join(directory, 'b.yaml')])
  t.strictSame(missing, { name: 'no/such', problem: 'there is no such file' })
  t.match(a, { text: 'a' })
  t.match(binary, { problem: 'it is no text' }, 'somebody named it')
  t.match((await read([directory]))[1], { binary: true }, 'in a directory it is passed over')
  t.match(await read(['-'], 'a\0b'), [{ problem: 'it is no text' }])
})

t.test('what is too long is not read to its end', async (t) => {
  const MIB = 1024 * 1024
  t.strictSame(await read(['-'], 'x'.repeat(MIB + 1), MIB), [
    { name: 'stdin', problem: 'it is longer than 1 MiB; split it' },
  ])
  t.match(await read(['-'], 'x'.repeat(MIB), MIB), [{ text: /^x/ }])
})
