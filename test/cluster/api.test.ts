import t from 'tap'
import { ApiError } from '../../src/cluster/api.ts'

t.test('an ApiError says what was answered', async (t) => {
  const cause = new Error('socket hang up')
  t.match(new ApiError('not found', 404, 'NotFound', cause), {
    name: 'ApiError',
    message: 'not found',
    status: 404,
    reason: 'NotFound',
    cause,
  })
})
