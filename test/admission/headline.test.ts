import fc from 'fast-check'
import t from 'tap'
import { groupByContainer } from '../../src/admission/finding-groups.ts'
import { headline } from '../../src/admission/headline.ts'
import type { Occasion } from '../../src/admission/occasion.ts'
import type { Finding } from '../../src/judge.ts'
import { anyFindings, anyOccasion, isPlainLine } from './anything.ts'
import { container, finding, occasion, partialFinding, podRequest } from './samples.ts'

const first = (findings: Finding[], of: Occasion) => headline(groupByContainer(findings, of), of)
const second = container({ name: 'b', field: 'spec.template.spec.containers[1].image' })

const cases: [what: string, findings: Finding[], of: Occasion, says: string][] = [
  [
    'one finding',
    [finding()],
    occasion(),
    'Job "resnet": container "trainer" uses vision/resnet:latest, which changes with every push; use a tag that is pushed once',
  ],
  [
    'another image',
    [partialFinding(), finding()],
    occasion(podRequest()),
    'Pod "web": init container "fetch" uses busybox:1.36, which moves to each new 1.36.z; write the full version (and 1 more image)',
  ],
  [
    'the same image twice, and no name',
    [finding(), finding({ container: second })],
    { ...occasion(), name: '' },
    'Job: container "trainer" and 1 more use vision/resnet:latest, which changes with every push; use a tag that is pushed once',
  ],
]
for (const [what, findings, of, says] of cases) t.test(what, async (t) => t.equal(first(findings, of), says))

t.test('whatever is found, it is one plain line that an Event has room for', async () => {
  fc.assert(
    fc.property(anyFindings, anyOccasion, (findings, of) => {
      const line = first(findings, of)
      return isPlainLine(line) && line.length < 1_024 && line.startsWith(of.kind)
    }),
  )
})
