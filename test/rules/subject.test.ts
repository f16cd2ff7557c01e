import t from 'tap'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { subjectOf } from '../../src/rules/subject.ts'
import type { Container } from '../../src/workload/container.ts'

const { cluster } = builtInPolicy()
const container: Container = {
  list: 'containers',
  name: 'main',
  image: 'nginx',
  field: 'spec.containers[0].image',
  place: 'spec containers',
  pullPolicyField: 'imagePullPolicy',
}

function subject(change: Partial<Container>, group = '', kind = 'Pod') {
  const workload = cluster.kinds.find(group, kind)
  if (workload === undefined) throw new Error(`no kind ${kind}`)
  return subjectOf({ ...container, ...change }, workload, cluster)
}

const pulls: readonly (readonly [title: string, Partial<Container>, policy: string, origin: string])[] = [
  ['nothing written, latest', {}, 'Always', 'absent'],
  ['nothing written, a version', { image: 'nginx:1.2.3' }, 'IfNotPresent', 'absent'],
  ['what Kubernetes would fill in', { pullPolicy: 'Always' }, 'Always', 'default'],
  ['what somebody chose', { pullPolicy: 'Never' }, 'Never', 'written'],
  ['no policy at all', { pullPolicy: '{{policy}}' }, 'Always', 'absent'],
]
for (const [title, change, policy, origin] of pulls) {
  t.test(`pull policy: ${title}`, async (t) => t.match(subject(change)?.pull, { policy, origin }))
}

t.test('a placeholder in the pull policy is left to the Pod', async (t) => {
  t.equal(subject({ pullPolicy: '{{policy}}' })?.pull.field, undefined)
})

t.test('how long it runs', async (t) => {
  t.equal(subject({})?.lifetimeSeconds, undefined)
  t.equal(subject({ deadlineSeconds: 60 })?.lifetimeSeconds, 60)
  t.equal(subject({ deadlineSeconds: 60 }, 'apps', 'Deployment')?.lifetimeSeconds, Number.POSITIVE_INFINITY)
})

t.test('a container without an image is not looked at', async (t) =>
  t.equal(subject({ image: undefined }), undefined),
)

for (const [unquoted, action] of [
  [true, 'write the image in quotes'],
  [undefined, 'write what belongs there'],
] as const) {
  t.test(`malformed, ${unquoted ? 'for lack of quotes' : 'otherwise'}: ${action}`, async (t) => {
    const change = { malformed: 'a number where a text belongs', unquoted }
    t.match(subject(change)?.image.reference, { action })
  })
}

t.test('what makes no sense is invalid', async (t) => {
  t.match(subject({ malformed: 'a list where a text belongs' })?.image.kind, {
    name: 'invalid',
    why: 'is a list where a text belongs',
  })
})
