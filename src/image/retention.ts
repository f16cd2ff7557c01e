/** How a registry deletes tags. */
export interface RetentionRule {
  /** Hours that a tag without a suffix is kept. */
  readonly defaultHours: number
  /** Whether `-<N>days` and `-<N>months` at the end of a tag are honoured. */
  readonly suffix: boolean
  /** The longest suffix, each counted in its own unit. */
  readonly maximum: { readonly days: number; readonly months: number }
}

/** How long a tag is kept. */
export interface Retention {
  /** Hours from the last push until the tag may be deleted; a month counts as 30 days. */
  readonly hours: number
  /** As a person says it: `24 hours`, `7 days`, `3 months`. */
  readonly text: string
  /** The recognised suffix with its hyphen: `-7days`. */
  readonly suffix?: string
  /** Set where the suffix asks for more than the registry's maximum: the maximum as text, `90 days`. `hours` is then the maximum. */
  readonly over?: string
  /** A suffix that looks meant but is not recognised (`-10day`, `-2weeks`); `hours` is then the default. */
  readonly unrecognised?: string
  /** The tag without its recognised suffix. */
  readonly tag: string
}

const SUFFIX = /-(\d+)(days|months)$/
/** Looks like a suffix, but its unit, its sign or its spelling is none that the registry knows. */
const NEARLY_SUFFIX = /(?:^|[-_.])\d+[-_.]?(?:hour|hr|day|week|month|year)s?$/i
const HOURS_A_DAY = 24
const HOURS: Readonly<Record<Unit, number>> = { days: HOURS_A_DAY, months: 30 * HOURS_A_DAY }

type Unit = 'days' | 'months'

/** Reads the retention of a tag in a registry that deletes tags. */
export function retentionOf(tag: string, rule: RetentionRule): Retention {
  const kept = { hours: rule.defaultHours, text: hoursText(rule.defaultHours), tag }
  if (!rule.suffix) return kept
  const [suffix, digits, unit] = SUFFIX.exec(tag) ?? []
  const count = Number(digits)
  if (suffix === undefined || count === 0) {
    const nearly = NEARLY_SUFFIX.exec(tag)?.[0]
    return nearly === undefined ? kept : { ...kept, unrecognised: nearly }
  }
  const within = Math.min(count, rule.maximum[unit as Unit])
  const text = countText(within, unit as Unit)
  return {
    hours: within * HOURS[unit as Unit],
    text,
    suffix,
    ...(count > within ? { over: text } : {}),
    tag: tag.slice(0, -suffix.length),
  }
}

function hoursText(hours: number): string {
  // One day is said as 24 hours: "1 day" might be read as until the end of it.
  const days = hours / HOURS_A_DAY
  if (days > 1 && Number.isInteger(days)) return countText(days, 'days')
  return hours === 1 ? '1 hour' : `${hours} hours`
}

function countText(count: number, unit: Unit): string {
  return count === 1 ? `1 ${unit.slice(0, -1)}` : `${count} ${unit}`
}
