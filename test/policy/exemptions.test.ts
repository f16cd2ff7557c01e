import t from 'tap'
import { readImage } from '../../src/image/image.ts'
import { NO_FACTS } from '../../src/image/tag-kind.ts'
import { endsSoon, exemptionFor } from '../../src/policy/exemptions.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import type { RuleId } from '../../src/policy/rule-modes.ts'

const policy = parsePolicy(
  `apiVersion: tallyman.dev/v1alpha1
kind: TagPolicy
metadata: {name: default}
spec:
  exemptions:
    - {name: old, images: ["registry.example.com/agent"], reason: was needed, expires: 2026-11-22}
    - {name: today, images: ["registry.example.com/agent"], namespaces: ["team-*"], reason: is needed, expires: 2026-11-23}
    - {name: rules, images: ["busybox"], rules: [latestTag, stalePull], reason: a probe}
    - {name: container, images: ["alpine"], containers: ["side-*"], reason: a sidecar}
    - {name: older, images: ["registry.example.com/**"], reason: was needed too, expires: 2026-01-31}
`,
  'policy.yaml',
)

type Row = [
  rule: RuleId,
  image: string,
  container: string,
  namespace: string,
  time: string,
  exemption?: string,
  expired?: string,
]
const DAY = '2026-11-23T12:00:00Z'
const cases: Row[] = [
  ['latestTag', 'registry.example.com/agent', 'a', 'team-a', DAY, 'today'],
  ['partialTag', 'registry.example.com/agent:1', 'a', 'team-a', '2026-11-23T23:59:59.999Z', 'today'],
  ['partialTag', 'registry.example.com/agent:1', 'a', 'team-a', '2026-11-24T00:00:00Z', undefined, 'old'],
  ['partialTag', 'registry.example.com/agent:1', 'a', 'team-a', '2026-11-22T23:59:59Z', 'old'],
  ['latestTag', 'registry.example.com/agent', 'a', 'other', DAY, undefined, 'old'],
  ['latestTag', 'registry.example.com/agent', 'a', '', DAY, undefined, 'old'],
  ['latestTag', 'registry.example.com/other', 'a', 'team-a', DAY, undefined, 'older'],
  ['latestTag', 'busybox', 'a', 'b', DAY, 'rules'],
  ['stalePull', 'busybox:1', 'a', 'b', DAY, 'rules'],
  ['partialTag', 'busybox:1', 'a', 'b', DAY],
  ['latestTag', 'alpine', 'side-car', 'b', DAY, 'container'],
  ['latestTag', 'alpine', 'main', 'b', DAY],
  ['latestTag', 'alpine', '', 'b', DAY],
]
for (const [rule, image, container, namespace, time, exemption, expired] of cases) {
  t.test(`${rule} of ${image} in ${namespace}/${container} at ${time}`, async (t) => {
    const answer = exemptionFor(
      policy,
      { rule, image: readImage(image, NO_FACTS), container, namespace },
      new Date(time),
    )
    t.same([answer.exemption?.name, answer.expired?.name], [exemption, expired])
  })
}

const ends: [expires: string | undefined, time: string, soon: boolean][] = [
  ['2026-11-23', '2026-11-23T23:59:59.999Z', true],
  ['2026-11-23', '2026-11-24T00:00:00Z', false],
  ['2026-12-07', '2026-11-23T00:00:00Z', true],
  ['2026-12-07', '2026-11-22T23:59:59.999Z', false],
  [undefined, DAY, false],
]
for (const [expires, time, soon] of ends) {
  t.test(
    `at ${time} one that expires ${expires ?? 'never'} ${soon ? 'ends soon' : 'does not end soon'}`,
    async (t) => t.equal(endsSoon({ expires }, new Date(time)), soon),
  )
}
