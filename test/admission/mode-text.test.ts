import t from 'tap'
import { modeText } from '../../src/admission/mode-text.ts'

t.test('a mode, and one that is still to come', async (t) => {
  t.equal(modeText({ mode: 'enforce' }), 'enforce')
  t.equal(modeText({ mode: 'warn', deniedFrom: '2026-12-07' }), 'enforce from 2026-12-07, until then warn')
})
