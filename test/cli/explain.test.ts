import t from 'tap'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'
import { tallyman } from './memory-terminal.ts'

t.test('references and rules mixed, in the order asked', async (t) => {
  const { code, stdout } = await tallyman(['explain', 'nginx', 'partialTag', 'Nginx:1'])
  t.equal(code, 0)
  t.strictSame(
    stdout.split('\n\n').map((block) => block.split('\n')[0]),
    ['nginx', 'partialTag', 'Nginx:1'],
  )
  const json = JSON.parse((await tallyman(['explain', 'nginx', 'partialTag', '-o', 'json'])).stdout)
  t.match(json, [
    { reference: 'nginx', kind: 'latest' },
    { rule: 'partialTag', mode: 'enforce' },
  ])
})

const misspelled: [arg: string, meant: string | undefined][] = [
  ['latestTags', 'latestTag'],
  ['LatestTag', 'latestTag'],
  ['partial-tag', 'partialTag'],
  ['digest', 'digestMissing'],
  ['latestTags:1', undefined],
  ['a/latestTags', undefined],
  ['nginx', undefined],
  ['', undefined],
]
for (const [arg, meant] of misspelled) {
  t.test(`${arg} is ${meant === undefined ? 'an image' : `no rule, perhaps ${meant}`}`, async (t) => {
    const { code, stdout, stderr } = await tallyman(['explain', 'nginx', arg])
    t.equal(code, meant === undefined ? 0 : 2)
    t.equal(stdout === '', meant !== undefined, 'nothing is explained that was not asked')
    if (meant !== undefined) t.match(stderr, `there is no rule "${arg}": did you mean ${meant}?`)
    const piped = await tallyman(['explain', '-', '-o', 'json'], `${arg}\n`)
    t.match(JSON.parse(piped.stdout), [{ reference: arg }], 'on standard input it is an image')
  })
}

const inputs: [title: string, stdin: string | Uint8Array, references: string[]][] = [
  ['one a line', 'nginx\nredis:7\n', ['nginx', 'redis:7']],
  ['the last line without its end', 'nginx\nredis:7', ['nginx', 'redis:7']],
  ['blanks stay', ' nginx\t\n', [' nginx\t']],
  ['empty lines stay', '\nnginx\n\n', ['', 'nginx', '']],
  ['a carriage return stays', 'nginx\r\n', ['nginx\r']],
  ['a rule id is a reference here', 'partialTag\n', ['partialTag']],
  ['what is no UTF-8', Buffer.from([0xff, 0x0a]), ['\ufffd']],
  ['nothing', '', []],
]
for (const [title, stdin, references] of inputs) {
  t.test(`standard input: ${title}`, async (t) => {
    const { stdout } = await tallyman(['explain', '-', '-o', 'json'], stdin)
    t.strictSame(
      JSON.parse(stdout).map(({ reference }: { reference: string }) => reference),
      references,
    )
  })
}

t.test('without arguments: all in brief', async (t) => {
  const { stdout } = await tallyman(['explain'])
  for (const id of RULE_IDS) t.match(stdout, id)
  const json = JSON.parse((await tallyman(['explain', '-o', 'json'])).stdout)
  t.strictSame(json.map(({ rule }: { rule: string }) => rule).sort(), [...RULE_IDS].sort())
})
