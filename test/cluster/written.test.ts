import t from 'tap'
import { ApiError } from '../../src/cluster/api.ts'
import { written } from '../../src/cluster/written.ts'

const failing = (error: Error) => written('Secret a/b', () => Promise.reject(error))

t.test('it is written', async (t) => t.equal(await written('Secret a/b', async () => {}), true))

t.test('where somebody else was first, that is no fault', async (t) => {
  for (const [status, reason] of [
    [409, 'AlreadyExists'],
    [409, 'Conflict'],
    [404, 'NotFound'],
  ] as const)
    t.equal(await failing(new ApiError('no', status, reason)), false)
})

t.test('what went wrong is said with what it was about', async (t) => {
  await t.rejects(failing(new ApiError('it is forbidden', 403, 'Forbidden')), {
    message: 'Secret a/b: cannot be written: it is forbidden; deploy/ gives tallyman the right',
  })
  await t.rejects(failing(new ApiError('busy', 500, 'InternalError')), {
    message: 'Secret a/b: cannot be written: busy',
  })
  await t.rejects(failing(new TypeError('ours')), { name: 'TypeError', message: 'ours' })
})
