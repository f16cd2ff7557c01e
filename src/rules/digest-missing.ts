import type { Rule } from './rule.ts'

/** Only a digest names the same bytes for ever. */
export const digestMissing: Rule = {
  id: 'digestMissing',
  asks: 'a digest on each image',
  because: 'A tag can be pushed again, by accident or by somebody else; a digest cannot.',
  satisfy: 'Add it behind the tag: IMAGE:TAG@sha256:<digest>; crane digest IMAGE:TAG prints it.',
  check({ image: { kind } }) {
    if (kind.name === 'digest' || kind.name === 'invalid') return undefined
    return {
      problem: 'has no digest, so what it names can be pushed again',
      brief: 'has no digest',
      action: 'add the digest',
    }
  },
}
