import t from 'tap'
import { CommandError, EXIT } from '../../src/cli/command.ts'

t.test('scripts rely on the exit codes', async (t) => {
  t.strictSame(EXIT, { done: 0, failed: 1, unusable: 2 })
  t.equal(new CommandError('x').name, 'CommandError')
})
