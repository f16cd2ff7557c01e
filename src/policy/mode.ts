/** What a rule, a switch or a ceiling does with a finding, from the mildest to the strictest. */
export const MODES = ['disabled', 'audit', 'warn', 'enforce'] as const
export type Mode = (typeof MODES)[number]

const STRICTNESS: Readonly<Record<Mode, number>> = { disabled: 0, audit: 1, warn: 2, enforce: 3 }

/** The milder of two modes. */
export function milder(a: Mode, b: Mode): Mode {
  return STRICTNESS[a] < STRICTNESS[b] ? a : b
}

/** Whether a mode is stricter than another. */
export function stricter(a: Mode, b: Mode): boolean {
  return STRICTNESS[a] > STRICTNESS[b]
}

/** Orders modes, the strictest first. */
export function byStrictness(a: Mode, b: Mode): number {
  return STRICTNESS[b] - STRICTNESS[a]
}
