import type { Rule } from './rule.ts'

/** A fixed image that is always pulled asks the registry each time for what the node has. */
export const needlessPull: Rule = {
  id: 'needlessPull',
  asks: 'no imagePullPolicy Always where the tag is a full version, a stamped build or a digest',
  because:
    'What cannot have changed is asked for again at each start: a round trip to the registry, and a Pod that ' +
    'does not start while the registry is down.',
  satisfy: 'Set imagePullPolicy: IfNotPresent, or leave it out.',
  check({ image: { kind }, pull, alwaysPullImages }) {
    // An opaque tag is written once by convention only; in practice it is pushed again.
    const surelyFixed = kind.name === 'digest' || (kind.name === 'version' && kind.form !== 'opaque')
    // Where the written policy is Kubernetes' own default, nobody chose it (nginx:latest@sha256:… gets Always).
    if (!surelyFixed || pull.policy !== 'Always' || pull.origin !== 'written' || alwaysPullImages)
      return undefined
    return {
      problem: `${kind.why}, yet ${pull.field} Always asks the registry at each start`,
      brief: 'is pulled at each start',
      action: `set ${pull.field}: IfNotPresent`,
    }
  },
}
