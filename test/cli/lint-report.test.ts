import t from 'tap'
import { countByMode, counted } from '../../src/cli/lint-report.ts'
import { EMPTY_REPORT, sampleReport } from './sample-report.ts'

t.test('findings are counted by mode', async (t) => {
  t.strictSame(countByMode(sampleReport()), { enforce: 2, warn: 2, audit: 0 })
  t.strictSame(countByMode(EMPTY_REPORT), { enforce: 0, warn: 0, audit: 0 })
})

t.test('one is no plural', async (t) => {
  t.equal(counted(1, 'image'), '1 image')
  t.equal(counted(2, 'image'), '2 images')
})
