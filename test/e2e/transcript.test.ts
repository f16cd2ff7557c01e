import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { formatTranscript, parseTranscript, type Step, shown, words } from './transcript.ts'

const TEXT = `# What is seen of a Pod.
# It has two lines.
# TagPolicy: {mode: enforce}
-- pod.yaml --
apiVersion: v1
kind: Pod
$ kubectl create -f pod.yaml
Error from server

  indented
[exit 1]

# The end.
$ kubectl get pods
`
const STEPS: Step[] = [
  { type: 'comment', text: 'What is seen of a Pod.' },
  { type: 'comment', text: 'It has two lines.' },
  { type: 'policy', spec: '{mode: enforce}' },
  { type: 'file', name: 'pod.yaml', content: 'apiVersion: v1\nkind: Pod\n' },
  {
    type: 'command',
    command: 'kubectl create -f pod.yaml',
    output: 'Error from server\n\n  indented\n[exit 1]',
  },
  { type: 'comment', text: 'The end.' },
  { type: 'command', command: 'kubectl get pods', output: '' },
]

t.test('a transcript is read', async (t) => t.same(parseTranscript(TEXT), STEPS))

t.test('and written as it was', async (t) => t.equal(formatTranscript(STEPS), TEXT))

t.test('each of ours is as it would be written', async (t) => {
  const folder = new URL('transcripts/', import.meta.url)
  for (const name of readdirSync(folder)) {
    const text = readFileSync(new URL(name, folder), 'utf8')
    t.equal(formatTranscript(parseTranscript(text)), text, name)
  }
})

const bad: [text: string, says: RegExp][] = [
  ['pod/a created\n', /begins with/],
  ['# A comment\npod/a created\n', /After "# A comment"/],
]
for (const [text, says] of bad) {
  t.test(`not a transcript: ${JSON.stringify(text)}`, async (t) => {
    t.throws(() => parseTranscript(text), { name: 'SyntaxError', message: says })
  })
}

const outputs: [code: number, output: string, seen: string][] = [
  [0, 'pod/a created\n', 'pod/a created'],
  [1, 'Error\n', 'Error\n[exit 1]'],
  [0, '', ''],
  [2, '', '[exit 2]'],
]
for (const [code, output, seen] of outputs) {
  t.test(`a command that prints ${JSON.stringify(output)} and ends with ${code}`, async (t) => {
    t.equal(shown({ code, output }), seen)
  })
}

t.test('quotes keep words together', async (t) => {
  t.same(words(`kubectl patch a -p='{"b": 1}' 'c d'`), ['kubectl', 'patch', 'a', '-p={"b": 1}', 'c d'])
})
