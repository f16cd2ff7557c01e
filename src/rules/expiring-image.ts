import type { Rule } from './rule.ts'

const SECONDS_PER_HOUR = 3600

/** An image that its registry deletes while something still runs, or restarts, from it. */
export const expiringImage: Rule = {
  id: 'expiringImage',
  asks: 'no image of a registry that deletes tags in something that outlives the tag, and no retention suffix that the registry does not honour',
  because:
    'When the tag is gone, the next Pod that starts on a node without a copy ends in ImagePullBackOff, days or weeks later.',
  satisfy:
    'Copy the image to a registry that keeps images and use it from there, or, for a short job, correct the suffix: -<N>days or -<N>months.',
  check({ image: { registry, retention }, lifetimeSeconds = 0 }) {
    if (registry?.retention === undefined) return undefined
    // A digest without a tag lives as long as some tag of it does: nobody can promise more than the default.
    const hours = retention?.hours ?? registry.retention.defaultHours
    const after = retention?.text ?? `${hours} hours`
    if (lifetimeSeconds > hours * SECONDS_PER_HOUR) {
      return {
        problem:
          lifetimeSeconds === Infinity
            ? `is deleted by ${registry.host} after ${after}, while this runs on`
            : `is deleted by ${registry.host} after ${after}, before activeDeadlineSeconds ${lifetimeSeconds} is over`,
        brief: `is deleted after ${after}`,
        action: 'use a registry that keeps images',
      }
    }
    if (retention?.over !== undefined) {
      return {
        problem: `asks ${registry.host} to keep it longer than the ${retention.over} that it keeps a tag at most`,
        brief: 'asks to be kept too long',
        action: 'write a shorter suffix',
      }
    }
    if (retention?.unrecognised !== undefined) {
      return {
        problem: `ends in ${retention.unrecognised}, which ${registry.host} does not recognise: it is deleted after ${after}`,
        brief: `is deleted after ${after}`,
        action: 'end the tag in -<N>days or -<N>months',
      }
    }
    return undefined
  },
}
