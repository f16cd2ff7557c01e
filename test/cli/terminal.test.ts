import { WriteStream } from 'node:tty'
import t from 'tap'
import { painter, plain } from '../../src/cli/terminal.ts'
import { memoryTerminal } from './memory-terminal.ts'

t.test('what is no terminal gets no colour', async (t) => {
  t.equal(painter(memoryTerminal().terminal.stdout)('red', 'error'), 'error')
  t.equal(plain('bold', 'a'), 'a')
})

t.test('a terminal does, unless NO_COLOR asks for none', async (t) => {
  const terminal = Object.assign(memoryTerminal().terminal.stdout, {
    isTTY: true,
    getColorDepth: WriteStream.prototype.getColorDepth,
  })
  const before = process.env
  t.teardown(() => {
    process.env = before
  })
  // Nothing of where the test runs: Node also asks CI, TMUX and others what a terminal can show.
  process.env = { TERM: 'xterm' }
  t.equal(painter(terminal)('red', 'error'), '\u001b[31merror\u001b[39m')
  process.env.NO_COLOR = '1'
  t.equal(painter(terminal)('red', 'error'), 'error')
})
