import t from 'tap'
import { kindsTable } from '../../src/workload/kinds.ts'
import { type SentRule, unsentKinds } from '../../src/workload/unsent-kinds.ts'
import { webhookRules } from '../../src/workload/webhook-rules.ts'

const kinds = kindsTable()
const all = kinds.all.length
const both = ['CREATE', 'UPDATE']
const without = (resource: string): SentRule[] =>
  webhookRules(kinds).map((rule) => ({ ...rule, resources: rule.resources.filter((it) => it !== resource) }))

const cases: [what: string, rules: SentRule[], unsent: string[] | number][] = [
  ['the rules that the table makes', webhookRules(kinds), []],
  ['none', [], all],
  ['a rule that says nothing', [{}], all],
  ['all there is', [{ apiGroups: ['*'], operations: ['*'], resources: ['*/*'] }], []],
  [
    'all resources, without what is below them',
    [{ apiGroups: ['*'], operations: both, resources: ['*'] }],
    ['Pod'],
  ],
  ['no Deployments', without('deployments'), ['Deployment']],
  ['no kubectl debug', without('pods/ephemeralcontainers'), ['Pod']],
  [
    'Pods in two rules',
    [
      ...without('pods'),
      { apiGroups: [''], operations: ['CREATE'], resources: ['pods'] },
      { apiGroups: [''], operations: ['UPDATE'], resources: ['pods/*'] },
    ],
    [],
  ],
  ['creates only', webhookRules(kinds).map((rule) => ({ ...rule, operations: ['CREATE'] })), all],
  [
    'another group of the same resource',
    [...without('jobs'), { apiGroups: ['batch'], operations: both, resources: ['jobs'] }],
    ['Job'],
  ],
]
for (const [what, rules, unsent] of cases) {
  t.test(what, async (t) => {
    const found = unsentKinds(rules, kinds)
    if (typeof unsent === 'number') t.equal(found.length, unsent)
    else t.strictSame([...new Set(found.map(({ kind }) => kind))], unsent)
  })
}

t.test("a policy's own kind is not sent until somebody registers it", async (t) => {
  const own = { group: 'example.com', kind: 'Engine', resource: 'engines', images: [{ image: 'spec.image' }] }
  t.match(unsentKinds(webhookRules(kinds), kindsTable([own])), [{ kind: 'Engine' }])
})
