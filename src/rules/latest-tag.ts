import type { Rule } from './rule.ts'

/** `latest` is expected to change, so that two runs may not run the same code. */
export const latestTag: Rule = {
  id: 'latestTag',
  asks: 'no image by the tag latest, by no tag at all (which means latest), or by a tag with the word latest in it',
  because:
    'latest is expected to change: several jobs launched with it may run different versions, because a new one ' +
    'was pushed in between or because some nodes have cached an older one.',
  satisfy:
    'Write a tag that is pushed once, such as 1.4.2, 20261123 or the git commit, or add the digest: IMAGE@sha256:<digest>.',
  check({ image: { kind } }) {
    return kind.name === 'latest'
      ? {
          problem: kind.why,
          brief: kind.implied ? 'has no tag' : 'changes with every push',
          action: 'use a tag that is pushed once',
        }
      : undefined
  },
}
