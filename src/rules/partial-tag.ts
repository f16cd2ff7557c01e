import type { Rule } from './rule.ts'

/** `x` and `x.y` name the newest `x.y.z`; they move with each release. */
export const partialTag: Rule = {
  id: 'partialTag',
  asks: 'no image by a partial version such as 1 or 1.36, with or without a variant (1.36-alpine)',
  because:
    'A partial version names the newest release of its line and moves with each one, so that the same manifest ' +
    'runs different code from one day, or one node, to the next.',
  satisfy:
    'Write all three numbers (1.36.1), or add the digest to the tag you have (1.36@sha256:<digest>). A number of ' +
    'your own that counts builds is read as a release line; push it as run-42.',
  check({ image: { kind } }) {
    return kind.name === 'partial'
      ? { problem: kind.why, brief: 'moves', action: 'write the full version' }
      : undefined
  },
}
