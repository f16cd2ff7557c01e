import t from 'tap'
import type { ControllerIdentity } from './controller-manager.ts'
import { type Grant, grants } from './users.ts'

const given = ({ path, body }: Grant) => {
  const { roleRef, subjects } = body as { roleRef?: { name: string }; subjects?: { name: string }[] }
  const where = path.includes('/namespaces/') ? 'in team-a' : 'everywhere'
  return roleRef === undefined ? [] : [`${subjects?.[0]?.name}: ${roleRef.name} ${where}`]
}

const cases: [controllers: ControllerIdentity | 'none', roles: string[]][] = [
  ['service-accounts', ['submitter: edit in team-a', 'policy-owner: view everywhere']],
  [
    'one-user',
    [
      'submitter: edit in team-a',
      'policy-owner: view everywhere',
      'system:kube-controller-manager: cluster-admin everywhere',
    ],
  ],
  [
    'none',
    [
      'submitter: system:aggregate-to-edit in team-a',
      'submitter: system:aggregate-to-view in team-a',
      'policy-owner: system:aggregate-to-view everywhere',
    ],
  ],
]
for (const [controllers, roles] of cases) {
  t.test(`with controllers: ${controllers}`, async (t) => {
    const all = grants(controllers)
    t.same(all.flatMap(given).sort(), [...roles, 'policy-owner: tallyman-policy-owner everywhere'].sort())
    const names = all.map(({ path, body }) => `${path}/${(body.metadata as { name: string }).name}`)
    t.equal(new Set(names).size, names.length, 'each has a name of its own')
    for (const name of names) t.notMatch(name.split('/').at(-1), /:/)
  })
}
