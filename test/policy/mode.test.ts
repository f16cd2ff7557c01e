import t from 'tap'
import { MODES, mildest } from '../../src/policy/mode.ts'

t.test('the mildest of some modes', async (t) => {
  t.equal(mildest(), 'enforce')
  t.equal(mildest('enforce', 'audit', 'warn'), 'audit')
  for (const [index, milder] of MODES.entries()) {
    for (const stricter of MODES.slice(index)) {
      t.equal(mildest(milder, stricter), milder)
      t.equal(mildest(stricter, milder), milder)
    }
  }
})
