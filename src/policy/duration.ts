import { quoted } from './quoted.ts'

const HOURS_A_DAY = 24
/** Ten years: longer than anybody keeps an image, short enough that no arithmetic on it overflows a date. */
const LONGEST_HOURS = 10 * 365 * HOURS_A_DAY
const DURATION = /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?$/

/** Why a text is no duration, as the rest of a sentence about its field; undefined where it is one. */
export function durationProblem(text: string): string | undefined {
  if (/^\d+$/.test(text)) return `has no unit: write ${text}h for hours or ${text}d for days`
  if (text === '' || !DURATION.test(text)) {
    return `must be whole hours or days, such as 24h, 7d or 1d12h, not ${quoted(text)}`
  }
  const hours = hoursOf(text)
  if (hours === 0) return 'must be longer than zero'
  if (hours > LONGEST_HOURS) return `must be at most ${LONGEST_HOURS}h, ten years`
  return undefined
}

/** The hours of a duration that has no problem. */
export function hoursOf(text: string): number {
  const [, days = '0', hours = '0'] = DURATION.exec(text) ?? []
  return Number(days) * HOURS_A_DAY + Number(hours)
}
