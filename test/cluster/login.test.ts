import t from 'tap'
import { fileFault, LoginError } from '../../src/cluster/login.ts'

t.test('a LoginError is told by its name', async (t) => {
  t.match(new LoginError('no token'), { name: 'LoginError', message: 'no token' })
})

t.test('why a file could not be read', async (t) => {
  const cases: [code: string, message: string, clause: string][] = [
    ['ENOENT', 'ENOENT: no such file or directory', 'there is no such file'],
    ['EACCES', 'EACCES: permission denied', 'no permission to read it'],
    [
      'EISDIR',
      'EISDIR: illegal operation on a directory',
      'cannot be read: EISDIR: illegal operation on a directory',
    ],
  ]
  for (const [code, message, clause] of cases)
    t.equal(fileFault(Object.assign(new Error(message), { code })), clause, code)
})
