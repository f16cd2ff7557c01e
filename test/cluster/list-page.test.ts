import t from 'tap'
import { pageOf } from '../../src/cluster/list-page.ts'

t.test('a page, and what leads to the next one', async (t) => {
  const items = [{ metadata: { name: 'a' } }]
  t.strictSame(
    pageOf({ metadata: { resourceVersion: '7', continue: 'abc', remainingItemCount: 3 }, items }, '/p'),
    {
      items,
      resourceVersion: '7',
      next: 'abc',
      remaining: 3,
    },
  )
  t.strictSame(pageOf({ metadata: { resourceVersion: '7', continue: '' }, items: [] }, '/p'), {
    items: [],
    resourceVersion: '7',
    next: undefined,
  })
})

t.test('what is no list', async (t) => {
  const metadata = { resourceVersion: '7' }
  for (const answer of [
    null,
    'text',
    [],
    {},
    { items: [] },
    { metadata: null, items: [] },
    { metadata: {}, items: [] },
    { metadata: { resourceVersion: '' }, items: [] },
    { metadata },
    { metadata, items: null },
    { metadata, items: {} },
    { metadata, items: [{}, null] },
    { metadata, items: ['x'] },
  ])
    t.throws(
      () => pageOf(answer, '/api/v1/namespaces'),
      { name: 'ApiError', status: 200, message: '/api/v1/namespaces: the answer is no list' },
      JSON.stringify(answer),
    )
})
