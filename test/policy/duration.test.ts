import t from 'tap'
import { durationProblem, hoursOf } from '../../src/policy/duration.ts'

t.test('hours and days', async (t) => {
  const good: [string, number][] = [
    ['24h', 24],
    ['7d', 168],
    ['1d12h', 36],
    ['1h', 1],
    ['3650d', 87_600],
  ]
  for (const [text, hours] of good) {
    t.equal(durationProblem(text), undefined, text)
    t.equal(hoursOf(text), hours, text)
  }
  const bad: [string, RegExp][] = [
    ['', /whole hours or days/],
    ['24', /write 24h for hours or 24d for days/],
    ['24 h', /whole hours or days/],
    ['1.5h', /whole hours or days/],
    ['90m', /whole hours or days/],
    ['12h1d', /whole hours or days/],
    ['-1h', /whole hours or days/],
    ['0d', /longer than zero/],
    ['3651d', /at most 87600h/],
    ['9999999h', /whole hours or days/],
  ]
  for (const [text, problem] of bad) t.match(durationProblem(text), problem, text)
})
