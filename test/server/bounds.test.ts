import t from 'tap'
import * as bounds from '../../src/server/bounds.ts'

t.test('the bounds are what the contract with the API server says', async (t) => {
  t.equal(bounds.MAX_BODY_BYTES, 24 * 1024 * 1024)
  t.equal(bounds.MAX_BYTES_IN_FLIGHT, 64 * 1024 * 1024)
  t.ok(bounds.KEEP_ALIVE_MS > 90_000, 'the client closes idle connections first')
  t.ok(bounds.REQUEST_TIMEOUT_MS >= 30_000, 'longer than an API server may wait')
  t.ok(bounds.HEADERS_TIMEOUT_MS < bounds.REQUEST_TIMEOUT_MS)
  t.ok(bounds.STALLED_CONNECTION_MS > bounds.KEEP_ALIVE_MS, 'an idle connection is not a stalled one')
})
