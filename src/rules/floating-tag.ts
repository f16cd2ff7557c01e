import type { Rule } from './rule.ts'

/** Channels, branches and base images move although they hold no `latest` and no version. */
export const floatingTag: Rule = {
  id: 'floatingTag',
  asks: 'no image by a tag that names a channel (stable), a branch or nightly build (main), an environment (prod) or only a base (alpine)',
  because: 'Such a tag is pushed again whenever the channel, the branch or the base moves on.',
  satisfy:
    'Put the version in front (1.4.2-alpine), write a build with its date or commit (nightly-20261123, main-3f2a1bc), or add the digest.',
  check({ image: { kind } }) {
    return kind.name === 'floating'
      ? { problem: kind.why, brief: 'moves', action: 'use a tag that is pushed once' }
      : undefined
  },
}
