import { digestMissing } from './digest-missing.ts'
import { expiringImage } from './expiring-image.ts'
import { floatingTag } from './floating-tag.ts'
import { invalidReference } from './invalid-reference.ts'
import { latestTag } from './latest-tag.ts'
import { needlessPull } from './needless-pull.ts'
import { partialTag } from './partial-tag.ts'
import type { Rule } from './rule.ts'
import { stalePull } from './stale-pull.ts'

/** All rules, in the order in which a container's findings are told: first what is wrong with the image itself. */
export const RULES: readonly Rule[] = [
  invalidReference,
  latestTag,
  partialTag,
  floatingTag,
  stalePull,
  needlessPull,
  expiringImage,
  digestMissing,
]
