import t from 'tap'
import { reasonOf } from '../../src/cli/read-error.ts'

t.test('a reason for a person, else the message of the system', async (t) => {
  t.equal(reasonOf(Object.assign(new Error('ENOENT: open'), { code: 'ENOENT' })), 'there is no such file')
  t.equal(reasonOf(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })), 'EIO: i/o error')
  t.equal(reasonOf('odd'), 'odd')
})
