import t from 'tap'
import { telling } from '../../src/cluster/telling.ts'

t.test('what is told is told of what is followed', async (t) => {
  const told: unknown[] = []
  const listener = telling('Secret a/b', {
    changed: () => told.push('changed'),
    lost: (what, { message }) => told.push([what, message]),
    recovered: (what) => told.push(what),
  })
  listener.changed()
  listener.failed(new Error('forbidden'))
  listener.recovered?.()
  t.strictSame(told, ['changed', ['Secret a/b', 'forbidden'], 'Secret a/b'])
})
