import t from 'tap'
import { bar, Progress } from '../../src/cli/progress.ts'
import { memoryTerminal } from './memory-terminal.ts'

function showing(more: object) {
  const memory = memoryTerminal()
  let now = 0
  const at = (ms: number) => {
    now = ms
  }
  const stream = Object.assign(memory.terminal.stderr, more)
  const progress = new Progress(stream, () => now)
  return { memory, progress, at }
}

t.test('long work is told of on one line, and the line goes', async (t) => {
  const { memory, progress, at } = showing({ isTTY: true, columns: 20 })
  progress.show('early')
  at(600)
  progress.show('500 objects read, 1,000 to come')
  at(610)
  progress.show('too soon after the last')
  at(800)
  progress.show('later')
  progress.clear()
  progress.clear()
  t.equal(memory.printed().stderr, '\r\u001b[K500 objects read, 1\r\u001b[Klater\r\u001b[K')
})

t.test('nothing where nobody looks, and nothing for short work', async (t) => {
  const file = showing({})
  file.at(10_000)
  file.progress.show('a')
  file.progress.clear()
  t.equal(file.memory.printed().stderr, '')
})

const bars: [done: number, all: number, shown: string][] = [
  [0, 100, '[........................]   0 %'],
  [25, 100, '[######..................]  25 %'],
  [999, 1000, '[#######################.]  99 %'],
  [100, 100, '[########################] 100 %'],
  [0, 0, '[########################] 100 %'],
]
for (const [done, all, shown] of bars)
  t.test(`${done} of ${all}`, async (t) => t.equal(bar(done, all), shown))
