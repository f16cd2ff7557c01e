import type { Rule } from './rule.ts'

/** A moving tag that is not pulled again runs whatever copy a node happens to have. */
export const stalePull: Rule = {
  id: 'stalePull',
  asks: 'imagePullPolicy Always where the tag moves',
  because:
    'With IfNotPresent a node keeps the copy it pulled once, so that nodes run different versions of one tag. ' +
    'Kubernetes sets Always by itself only for latest and for no tag; for 1.36 or stable it sets IfNotPresent.',
  satisfy: 'Set imagePullPolicy: Always, or better, use a tag that does not move.',
  check({ image: { kind }, pull, resolvesTags, alwaysPullImages }) {
    if (!kind.moving || pull.field === undefined || pull.policy === 'Always') return undefined
    if (resolvesTags || alwaysPullImages) return undefined
    const { field } = pull
    const keeps =
      pull.policy === 'Never'
        ? `${field} Never runs whatever copy the node has`
        : pull.origin === 'absent'
          ? `without ${field} (the default here is IfNotPresent) a node keeps the copy it has`
          : `${field} ${pull.policy} keeps the copy a node already has`
    return {
      problem: `moves, but ${keeps}`,
      joined: `but ${keeps}`,
      brief: 'moves, but is not pulled again',
      action: `set ${field}: Always`,
    }
  },
}
