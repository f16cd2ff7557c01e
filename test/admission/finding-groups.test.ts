import t from 'tap'
import type { Changes } from '../../src/admission/changes.ts'
import { groupByContainer, groupByRule } from '../../src/admission/finding-groups.ts'
import type { Finding } from '../../src/judge.ts'
import { container, finding, occasion, partialFinding, request } from './samples.ts'

const at = (index: number) => container({ name: `c${index}`, field: `spec.containers[${index}].image` })
const summary = (groups: ReturnType<typeof groupByRule>) =>
  groups.map(({ findings, containers }) => [findings.map(({ rule }) => rule).join(), containers.length])

const findings: Finding[] = [
  finding({ container: at(0) }),
  partialFinding(),
  finding({ container: at(1) }),
  finding({ container: at(0), rule: 'expiringImage', problem: 'is deleted' }),
]

t.test('by rule: what repeats is one group', async (t) =>
  t.same(summary(groupByRule(findings, occasion())), [
    ['latestTag', 2],
    ['partialTag', 1],
    ['expiringImage', 1],
  ]),
)

t.test('by container: what is found of one stays together', async (t) =>
  t.same(summary(groupByContainer(findings, occasion())), [
    ['latestTag,expiringImage', 1],
    ['partialTag', 1],
    ['latestTag', 1],
  ]),
)

t.test('an image volume is written otherwise than a container', async (t) => {
  const volume = finding({
    container: container({ list: 'volumes', field: 'spec.volumes[0].image.reference' }),
  })
  t.equal(groupByRule([finding(), volume], occasion()).length, 2)
})

t.test('another problem or remedy of the same image is another group', async (t) => {
  const other = finding({ container: at(1), problem: 'changes with every push, and more' })
  const another = finding({ container: at(2), remedy: () => undefined })
  t.equal(groupByRule([finding(), other, another], occasion()).length, 3)
})

t.test('what is unchanged stands apart from what is new', async (t) => {
  const changes: Changes = { isUnchanged: ({ name }) => name === 'c1', keptPolicyFrom: () => undefined }
  const groups = groupByRule(
    [finding({ container: at(0) }), finding({ container: at(1) })],
    occasion(request(), changes),
  )
  t.equal(groups.length, 2)
})
