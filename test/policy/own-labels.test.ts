import t from 'tap'
import { ownLabels } from '../../src/policy/own-labels.ts'

const own = {
  'tallyman.dev/mode': 'warn',
  'tallyman.dev/enforce-from': '2026-12-07',
  'tallyman.dev/policy': 'lab',
}

t.test('ours are kept, all others are not', async (t) => {
  t.strictSame(ownLabels({ metadata: { name: 'a', labels: { ...own, team: 'x' }, annotations: {} } }), {
    name: 'a',
    labels: own,
  })
})

t.test('namespaces without any share one empty object', async (t) => {
  const [a, b] = [{ metadata: { name: 'a' } }, { metadata: { name: 'b', labels: { team: 'x' } } }].map(
    ownLabels,
  )
  t.strictSame(a?.labels, {})
  t.equal(a?.labels, b?.labels)
})

t.test('labels of any shape', async (t) => {
  for (const labels of [null, 1, 'a', [], { 'tallyman.dev/mode': 1 }])
    t.strictSame(ownLabels({ metadata: { name: 'a', labels } }).labels, {})
  t.throws(() => ownLabels({ metadata: null }), /no metadata\.name/)
})
