import type { RuleId } from '../policy/rule-modes.ts'
import type { Remedy } from '../rules/remedy.ts'

/** What to write in the place of an image and its pull policy; a field that is absent stays as it is. Not trustworthy text. */
export type Replacement = Pick<Remedy, 'image' | 'pullPolicy' | 'pullPolicyField' | 'command'>

/** As a remedy writes a digest that nobody knows. */
const PLACEHOLDER = 'sha256:<digest>'

/** Rules that a digest satisfies. */
const DIGEST_SATISFIES: ReadonlySet<RuleId> = new Set([
  'latestTag',
  'partialTag',
  'floatingTag',
  'stalePull',
  'digestMissing',
])

/**
 * What to write for a container: the image as it is with the digest that runs, where that satisfies all rules, else what
 * judge says.
 * @param digest what runs under the image now; undefined where nobody knows
 */
export function replacementFor(
  remedy: Remedy | undefined,
  image: string,
  rules: readonly RuleId[],
  digest: string | undefined,
): Replacement | undefined {
  const said = remedy && fieldsOf(remedy)
  if (digest === undefined || image.includes('@')) return said
  const pinned = `${image}@${digest}`
  const byDigest = remedy?.alternative ?? remedy?.image
  if (byDigest?.endsWith(PLACEHOLDER))
    return {
      ...said,
      image: byDigest.slice(0, -PLACEHOLDER.length) + digest,
      // What runs is copied, not what the tag may name by now.
      command: remedy?.command?.replace(` ${image} `, ` ${pinned} `),
    }
  // A pull policy alone may do; and what moves to another registry needs somebody who chooses what it is called there.
  const elsewhere = remedy !== undefined && (remedy.image === undefined || remedy.command !== undefined)
  if (elsewhere || !rules.every((rule) => DIGEST_SATISFIES.has(rule))) return said
  return { ...said, image: pinned }
}

function fieldsOf({ image, pullPolicy, pullPolicyField, command }: Remedy): Replacement {
  return { image, pullPolicy, ...(pullPolicy && { pullPolicyField }), command }
}
