import type { Retention, RetentionRule } from '../image/retention.ts'

const DAYS_PER_WEEK = 7
const DAYS_PER_MONTH = 30
const MONTHS_PER_YEAR = 12

/**
 * A tag with its retention suffix mended: one over the maximum cut to it, one that only looks like a suffix
 * (`-10day`, `-2weeks`) written as the registry reads it. Undefined where there is nothing to mend.
 */
export function mendSuffix(retention: Retention, rule: RetentionRule): string | undefined {
  if (retention.over !== undefined && retention.suffix !== undefined) {
    const unit = retention.suffix.endsWith('months') ? 'months' : 'days'
    return `${retention.tag}-${rule.maximum[unit]}${unit}`
  }
  if (retention.unrecognised === undefined || !retention.tag.endsWith(retention.unrecognised))
    return undefined
  const [, count = '1', unit = 'd'] = /(\d+)[^a-z0-9]*([a-z])/i.exec(retention.unrecognised) ?? []
  const base = retention.tag.slice(0, -retention.unrecognised.length)
  return base === ''
    ? undefined
    : `${base}${written(Number(count), unit.toLowerCase(), retention.unrecognised, rule)}`
}

function written(count: number, unit: string, text: string, { maximum }: RetentionRule): string {
  const months = /mo/i.test(text) ? count : unit === 'y' ? count * MONTHS_PER_YEAR : undefined
  if (months !== undefined) {
    return maximum.months > 0
      ? `-${clamp(months, maximum.months)}months`
      : `-${clamp(months * DAYS_PER_MONTH, maximum.days)}days`
  }
  // Hours and minutes round up to the smallest suffix there is.
  const days = unit === 'w' ? count * DAYS_PER_WEEK : unit === 'd' ? count : 1
  return `-${clamp(days, maximum.days)}days`
}

function clamp(count: number, maximum: number): number {
  return Math.max(1, Math.min(count, maximum))
}
