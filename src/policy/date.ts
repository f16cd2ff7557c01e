import type { PolicyDate } from './policy.ts'
import { quoted } from './quoted.ts'

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const DAY_MS = 24 * 60 * 60 * 1000

/** Why a text is no day of a policy, as the rest of a sentence about its field; undefined where it is one. */
export function dateProblem(text: string): string | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (match === null) {
    const withTime = /^(\d{4}-\d\d-\d\d)[Tt ]/.exec(text)
    if (withTime) return `must be the day alone: ${withTime[1]}; it begins at 00:00 UTC`
    return `must be a day as yyyy-mm-dd, such as 2026-12-07, not ${quoted(text)}`
  }
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  const monthName = MONTHS[month - 1]
  if (monthName === undefined) return `${text} is not a day of the calendar: there is no month ${match[2]}`
  // Day 0 of the month after is the last day of this one; setUTCFullYear, because Date.UTC reads the years 0–99 as 19xx.
  const last = new Date(0)
  last.setUTCFullYear(year, month, 0)
  if (day >= 1 && day <= last.getUTCDate()) return undefined
  return `${text} is not a day of the calendar: ${monthName} ${match[1]} has ${last.getUTCDate()} days`
}

/** Whether a day has begun (UTC). */
export function hasBegun(day: PolicyDate, now: Date): boolean {
  return now.getTime() >= Date.parse(day)
}

/** Whether a day is over (UTC). */
export function isOver(day: PolicyDate, now: Date): boolean {
  return now.getTime() >= Date.parse(day) + DAY_MS
}

/** How many days are still to come after today (UTC) until a day is over: 0 on the day itself, negative once it is over. */
export function daysLeft(day: PolicyDate, now: Date): number {
  return Math.floor(Date.parse(day) / DAY_MS) - Math.floor(now.getTime() / DAY_MS)
}

/** The day after one. */
export function dayAfter(day: PolicyDate): PolicyDate {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10)
}
