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

/** Reads the retention of a tag in a registry that deletes tags. */
export function retentionOf(tag: string, rule: RetentionRule): Retention {
  throw new Error(`not written yet: ${tag} ${rule.suffix}`)
}
