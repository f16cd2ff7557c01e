import t from 'tap'
import { dateProblem, dayAfter, daysLeft, hasBegun, isOver } from '../../src/policy/date.ts'

const good = ['2026-12-07', '2028-02-29', '2000-02-29', '2026-01-01', '2026-12-31', '2026-04-30']
const bad: [text: string, problem: RegExp][] = [
  ['2026-02-30', /February 2026 has 28 days/],
  ['2028-02-30', /February 2028 has 29 days/],
  ['2100-02-29', /February 2100 has 28 days/],
  ['2026-04-31', /April 2026 has 30 days/],
  ['2026-01-00', /January 2026 has 31 days/],
  ['2026-00-10', /no month 00/],
  ['2026-13-10', /no month 13/],
  ['2026-1-5', /yyyy-mm-dd/],
  ['26-01-05', /yyyy-mm-dd/],
  ['2026-01-05\n', /yyyy-mm-dd/],
  ['2026-01-05T00:00:00Z', /the day alone: 2026-01-05/],
  ['', /yyyy-mm-dd/],
]
t.test('days of the calendar', async (t) => {
  for (const text of good) t.equal(dateProblem(text), undefined, text)
  for (const [text, problem] of bad) t.match(dateProblem(text), problem, text)
})

t.test('a day begins and ends at 00:00 UTC', async (t) => {
  const day = '2026-12-31'
  t.notOk(hasBegun(day, new Date('2026-12-30T23:59:59.999Z')))
  t.ok(hasBegun(day, new Date('2026-12-31T00:00:00Z')))
  t.notOk(isOver(day, new Date('2026-12-31T23:59:59.999Z')))
  t.ok(isOver(day, new Date('2027-01-01T00:00:00Z')))
})

t.test('days are counted as days of the calendar, whatever the hour', async (t) => {
  for (const hour of ['00:00:00', '12:00:00', '23:59:59'])
    for (const [today, left] of [
      ['2026-12-30', 1],
      ['2026-12-31', 0],
      ['2027-01-01', -1],
      ['2026-11-30', 31],
    ] as const)
      t.equal(daysLeft('2026-12-31', new Date(`${today}T${hour}Z`)), left, `${today} ${hour}`)
})

t.test('the day after', async (t) => {
  for (const [day, next] of [
    ['2026-12-31', '2027-01-01'],
    ['2028-02-28', '2028-02-29'],
    ['2026-10-25', '2026-10-26'],
  ] as const)
    t.equal(dayAfter(day), next)
})
