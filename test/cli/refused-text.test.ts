import t from 'tap'
import { refusedTexts } from '../../src/cli/refused-text.ts'

t.test('each mistake, and what holds in its place', async (t) => {
  const problems = [
    { field: 'spec.mode', message: 'there is no "enforced"' },
    { field: '', message: 'is nested too deeply' },
  ]
  t.strictSame(refusedTexts({ name: 'lab', problems, inForce: 3 }), [
    'TagPolicy lab: spec.mode: there is no "enforced"',
    'TagPolicy lab: is nested too deeply',
    'TagPolicy lab is refused, generation 3 of it stays in force',
  ])
  t.equal(refusedTexts({ name: 'lab', problems }).at(-1), 'TagPolicy lab is refused, and so it holds nowhere')
})
