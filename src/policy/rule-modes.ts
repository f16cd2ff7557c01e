import type { Mode } from './mode.ts'

export const RULE_IDS = [
  'latestTag',
  'partialTag',
  'floatingTag',
  'stalePull',
  'needlessPull',
  'expiringImage',
  'invalidReference',
  'digestMissing',
] as const
export type RuleId = (typeof RULE_IDS)[number]

/** The mode that each rule has where a policy does not say. */
export const DEFAULT_RULE_MODES = {
  latestTag: 'enforce',
  partialTag: 'enforce',
  floatingTag: 'warn',
  stalePull: 'warn',
  needlessPull: 'warn',
  expiringImage: 'warn',
  invalidReference: 'enforce',
  digestMissing: 'disabled',
} as const satisfies Record<RuleId, Mode>
