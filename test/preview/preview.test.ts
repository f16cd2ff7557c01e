import t from 'tap'
import { TRIGGERS } from '../../src/preview/preview.ts'

t.test('what nobody can prevent comes first, what waits for somebody last', async (t) => {
  t.strictSame(TRIGGERS, ['itself', 'next', 'change'])
})
