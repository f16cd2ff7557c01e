import type { Rule } from './rule.ts'

/** For whoever has nothing to paste. */
const FORM = 'write it as HOST/NAME:TAG, or as NAME:TAG from Docker Hub'

/** What no container runtime can pull is better said at submission than by InvalidImageName later. */
export const invalidReference: Rule = {
  id: 'invalidReference',
  asks: 'an image reference that parses: [HOST[:PORT]/]NAME[:TAG][@DIGEST]',
  because:
    'Kubernetes accepts any text as an image; the Pod then waits in InvalidImageName for somebody to look.',
  satisfy:
    'Lower-case the name, leave out http://, fill in what a template left open, and put the tag behind one colon.',
  check({ image: { reference } }) {
    if (reference.valid) return undefined
    const { problem, action, suggestion } = reference
    return { problem, action: action ?? (suggestion === undefined ? FORM : 'write a legal image reference') }
  },
}
