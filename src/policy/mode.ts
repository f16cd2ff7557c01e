/** What a rule, a switch or a ceiling does with a finding, from the mildest to the strictest. */
export const MODES = ['disabled', 'audit', 'warn', 'enforce'] as const
export type Mode = (typeof MODES)[number]

/** The mildest of some modes; `enforce` of none. */
export function mildest(...modes: readonly Mode[]): Mode {
  return modes.reduce<Mode>((a, b) => (MODES.indexOf(b) < MODES.indexOf(a) ? b : a), 'enforce')
}

/** Whether a mode is stricter than another. */
export function stricter(a: Mode, b: Mode): boolean {
  return MODES.indexOf(a) > MODES.indexOf(b)
}
