import t from 'tap'
import { Bars } from './bars.ts'

t.test('values beside their bars', async (t) => {
  const bars = new Bars()
  t.equal(bars.hold('ready', 1.1349, 2, 's'), '1.13 s (bar 2 s)')
  t.equal(bars.hold('memory', 150, 150, 'MB'), '150 MB (bar 150 MB)')
  t.strictSame(bars.missed, [])
  t.equal(bars.hold('memory', 1234.5, 150, 'MB'), '1235 MB (bar 150 MB)')
  bars.hold('nothing', Number.NaN, 2, 'times')
  t.strictSame(bars.missed, ['memory: 1235 MB (bar 150 MB)', 'nothing: NaN times (bar 2 times)'])
})
