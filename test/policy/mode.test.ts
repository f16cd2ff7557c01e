import t from 'tap'
import { byStrictness, MODES, milder, stricter } from '../../src/policy/mode.ts'

t.test('modes are compared by their order', async (t) => {
  for (const [index, mild] of MODES.entries()) {
    t.notOk(stricter(mild, mild))
    for (const strict of MODES.slice(index)) {
      t.equal(milder(mild, strict), mild)
      t.equal(milder(strict, mild), mild)
    }
    for (const strict of MODES.slice(index + 1)) {
      t.ok(stricter(strict, mild))
      t.notOk(stricter(mild, strict))
    }
  }
  t.same(MODES.toSorted(byStrictness), MODES.toReversed())
})
