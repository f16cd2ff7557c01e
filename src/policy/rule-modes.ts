import type { Mode } from './mode.ts'

/** Each rule's id and the mode it has where a policy does not say. */
export const DEFAULT_RULE_MODES = {
  latestTag: 'enforce',
  partialTag: 'enforce',
  floatingTag: 'warn',
  stalePull: 'warn',
  needlessPull: 'warn',
  expiringImage: 'warn',
  invalidReference: 'enforce',
  digestMissing: 'disabled',
} as const satisfies Record<string, Mode>

export type RuleId = keyof typeof DEFAULT_RULE_MODES
export const RULE_IDS = Object.keys(DEFAULT_RULE_MODES) as readonly RuleId[]
