import t from 'tap'
import { registered, WORKLOADS_ENTRY, workloadRules } from '../../src/cluster/registration.ts'
import { MAX_CONDITION_MESSAGE } from '../../src/policy/status-schema.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import { webhookRules } from '../../src/workload/webhook-rules.ts'

const engine = {
  group: 'example.com',
  kind: 'Engine',
  resource: 'engines',
  images: [{ image: 'spec.image' }],
}
const rules = webhookRules(kindsTable())

const cases: [
  what: string,
  configuration: Parameters<typeof registered>[0],
  status: string,
  message: RegExp,
  installed: boolean | undefined,
][] = [
  ['not read', 'unread', 'Unknown', /could not be read/, undefined],
  [
    'not there',
    'configuration',
    'False',
    /There is no ValidatingWebhookConfiguration tallyman: nothing is judged/,
    false,
  ],
  ['without the entry', 'entry', 'False', /no entry image-tags\.tallyman\.dev/, false],
  [
    'without a kind of the policy',
    rules,
    'False',
    /does not send Engine\.example\.com, which pass unjudged\. Add to the rules of image-tags\.tallyman\.dev: \{"apiGroups":\["example\.com"\],"apiVersions":\["\*"\],"operations":\["CREATE","UPDATE"\],"resources":\["engines"\],"scope":"\*"\}\./,
    true,
  ],
  ['empty', [], 'False', /and \d+ more, which pass unjudged/, true],
]
for (const [what, configuration, status, message, installed] of cases) {
  t.test(what, async (t) => {
    const found = registered(configuration, kindsTable([engine]))
    const { registration } = found
    t.equal(found.installed, installed)
    t.equal(registration.status, status)
    t.match((registration as { message?: string }).message, message)
  })
}

t.test('kinds with the longest names are named as long as a condition has room', async (t) => {
  const labels = ['a', 'b', 'c'].map((letter) => letter.repeat(60)).join('.')
  const long = (index: number) => ({
    ...engine,
    group: `${`g${index}`.padEnd(60, 'g')}.${labels}`,
    kind: `K${index}`.padEnd(63, 'k'),
    resource: `r${index}`.padEnd(63, 'r'),
  })
  const message = (count: number) => {
    const { registration } = registered(rules, kindsTable(Array.from({ length: count }, (_, at) => long(at))))
    return (registration as { message: string }).message
  }
  t.match(message(1), /does not send K0k+\.g0g+[.abc]+, which pass/)
  t.match(
    message(200),
    /does not send K0k+\S+ K1k.* and 19\d more, which pass .*"r0r+".*"r1r+".* prints all\.$/,
  )
  t.ok(message(200).length <= MAX_CONDITION_MESSAGE, `${message(200).length}`)
})

t.test('all there is', async (t) => {
  t.strictSame(registered(rules, kindsTable()), {
    registration: { status: 'True' },
    installed: true,
    unsent: [],
  })
  t.match(registered(rules, kindsTable([engine])).unsent, [{ kind: 'Engine' }])
})

t.test('the rules of the entry, whatever the configuration looks like', async (t) => {
  const entry = {
    name: WORKLOADS_ENTRY,
    rules: [{ apiGroups: ['', 1], operations: 'CREATE', resources: ['pods'] }, null],
  }
  t.strictSame(workloadRules({ webhooks: [null, { name: 'other' }, entry] }), [
    { apiGroups: [''], operations: [], resources: ['pods'] },
    { apiGroups: [], operations: [], resources: [] },
  ])
  t.strictSame(workloadRules({ webhooks: [{ name: WORKLOADS_ENTRY }] }), [])
  for (const odd of [{}, { webhooks: 1 }, { webhooks: [] }]) t.equal(workloadRules(odd), undefined)
})
