import t from 'tap'
import { tallyman } from './memory-terminal.ts'

t.test('help lists every command and says how to go on', async (t) => {
  for (const args of [[], ['--help'], ['help']]) {
    const { code, stdout, stderr } = await tallyman(args)
    t.equal(code, 0)
    t.equal(stderr, '')
    for (const name of ['lint', 'explain', 'policy', 'serve', 'webhook-rules', 'certs'])
      t.match(stdout, `\n  ${name} `)
    t.match(stdout, 'tallyman COMMAND --help')
  }
})

t.test('each command explains itself, with an example', async (t) => {
  for (const name of ['lint', 'explain', 'policy show', 'serve', 'webhook-rules', 'certs']) {
    const words = name.split(' ')
    const { code, stdout } = await tallyman([...words, '--help'])
    t.equal(code, 0, name)
    t.match(stdout, /Examples?:\n {2}(?:\S+=\S+ )*(?:tallyman|helm)/, name)
    t.strictSame(
      stdout.split('\n').filter((line) => line.length > 100),
      [],
      `${name}: lines fit 100 columns`,
    )
    const help = [...words.slice(0, -1), 'help', ...words.slice(-1)]
    t.equal((await tallyman(help)).stdout, stdout, 'help COMMAND says the same')
  }
})

t.test('a group of commands lists them', async (t) => {
  const { code, stdout } = await tallyman(['policy', '--help'])
  t.equal(code, 0)
  t.match(stdout, /\n {2}show {2,}say what holds/)
  const alone = await tallyman(['policy'])
  t.equal(alone.code, 2)
  t.match(alone.stderr, 'Usage: tallyman policy')
})

t.test('what makes no sense ends in 2 and says what to type', async (t) => {
  const cases: [args: string[], says: RegExp][] = [
    [['explian'], /^tallyman: unknown command 'explian'\n\(Did you mean explain\?\)\ntallyman --help/],
    [['lint', '--mod', 'warn'], /unknown option '--mod'.*Did you mean --mode/s],
    [['lint', '--mode', 'off', '-'], /Allowed choices are disabled, audit, warn, enforce/],
    [['explain', '--policy', 'no-such.yaml', 'nginx'], /^tallyman: no-such\.yaml: there is no such file/],
  ]
  for (const [args, says] of cases) {
    const { code, stdout, stderr } = await tallyman(args)
    t.match(stderr, says)
    t.equal(stdout, '')
    t.equal(code, 2)
  }
})
