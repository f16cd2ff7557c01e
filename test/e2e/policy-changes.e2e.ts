/** What kubectl says to whoever changes a TagPolicy or the labels of a namespace, and what that would break. */
import t from 'tap'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { apiPath } from './api-path.ts'
import { inFull } from './in-full.ts'
import { policy } from './policy.ts'
import { setUp } from './set-up.ts'
import { TAG_POLICIES } from './tag-policy.ts'

const { controlPlane, as } = await setUp(t, { policy: policy({ mode: 'warn' }), components: ['preview'] })
const { admin } = controlPlane
await controlPlane.createNamespace('team-a')

const container = (image: string) => ({ name: 'main', image, imagePullPolicy: 'IfNotPresent' })
const template = (image: string, restartPolicy: string) => ({
  metadata: { labels: { app: 'a' } },
  spec: { restartPolicy, containers: [container(image)] },
})
for (const [path, body] of [
  [
    apiPath('batch/v1', 'jobs', 'team-a'),
    {
      metadata: { name: 'backup' },
      spec: { template: template('busybox:1.36', 'Never') },
    },
  ],
  [
    apiPath('apps/v1', 'deployments', 'team-a'),
    {
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: { app: 'a' } }, template: template('nginx:latest', 'Always') },
    },
  ],
  // Somebody who may label namespaces, and read nothing in them.
  [
    apiPath('rbac.authorization.k8s.io/v1', 'clusterroles'),
    {
      metadata: { name: 'labeller' },
      rules: [{ apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'patch'] }],
    },
  ],
  [
    apiPath('rbac.authorization.k8s.io/v1', 'clusterrolebindings'),
    {
      metadata: { name: 'labeller' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'labeller' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'labeller' }],
    },
  ],
] as const)
  expectSuccess(await admin.create(path, body), `creating ${body.metadata.name}`)

const mistakes = {
  apiVersion: 'tallyman.dev/v1alpha1',
  kind: 'TagPolicy',
  metadata: { name: 'default' },
  spec: { moed: 'enforce', rules: { latestTags: 'warn' } },
}
const INVALID = `The TagPolicy "default" is invalid: 
* spec.moed: unknown field: did you mean mode?
* spec.rules.latestTags: unknown rule: did you mean latestTag?
`
for (const how of [
  ['apply', '--validate=ignore'],
  ['apply', '--server-side', '--force-conflicts', '--validate=ignore'],
  ['replace', '--validate=ignore'],
])
  t.test(`a policy with mistakes is denied: kubectl ${how.join(' ')}`, async (t) => {
    const { code, stdout, stderr } = await as('policy-owner')([...how, '-f', '-'], mistakes)
    t.same({ code, stdout }, { code: 1, stdout: '' })
    t.ok(stderr.endsWith(INVALID), stderr)
  })

t.test('one mistake, and a client that shows messages', async (t) => {
  const change = { spec: { helpURL: 'wiki' } }
  const { code, stderr } = await as('policy-owner')(patch(change))
  t.equal(code, 1)
  t.equal(
    stderr,
    'The TagPolicy "default" is invalid: spec.helpURL: must be a URL such as https://wiki.example.com/image-tags, not "wiki"\n',
  )
  const { status, body } = await admin.send('PATCH', `${TAG_POLICIES}/default`, change)
  t.equal(status, 422)
  t.match(body, {
    reason: 'Invalid',
    message:
      /^admission webhook "policies\.tallyman\.dev" denied the request: TagPolicy "default": spec\.helpURL: must be a URL .*\nWhat was in force before still is\./,
  })
})

const BREAKS = [
  'Warning: TagPolicy/default: 2 of 2 workloads in 1 namespace would be denied from 2099-12-07: 1 at its next run or release, 1 when its image is changed',
  'Warning: TagPolicy/default: 1 at its next run or release [partialTag]: Job/backup in team-a (busybox:1.36)',
  'Warning: TagPolicy/default: 1 when its image is changed [latestTag]: Deployment/web in team-a (nginx:latest)',
]

t.test('whoever owns the policy sees beforehand what a day for enforce would break', async (t) => {
  const change = { spec: { mode: 'enforce', enforceFrom: '2099-12-07' } }
  const ask = () => as('policy-owner')([...patch(change), '--dry-run=server'])
  const { code, stdout, stderr } = await inFull(ask, ({ stderr }) => stderr.trim() === BREAKS.join('\n'))
  t.same({ code, stdout }, { code: 0, stdout: 'tagpolicy.tallyman.dev/default patched\n' })
  t.same(stderr.trim().split('\n'), BREAKS)
  t.match(await admin.get(`${TAG_POLICIES}/default`), { body: { spec: { mode: 'warn' } } }, 'nothing changed')
})

const label = (value: string, ...more: string[]) => [
  'label',
  'namespace',
  'team-a',
  value,
  '--overwrite',
  ...more,
]
const labels: [who: string, command: string[], warnings: string[]][] = [
  [
    'admin',
    label('tallyman.dev/mode=enforce', '--dry-run=server'),
    [
      'Namespace/team-a: enforce (label tallyman.dev/mode, TagPolicy default)',
      'Namespace/team-a: 2 of 2 workloads would be denied: 1 at its next run or release, 1 when its image is changed',
      'Namespace/team-a: 1 at its next run or release [partialTag]: Job/backup (busybox:1.36)',
      'Namespace/team-a: 1 when its image is changed [latestTag]: Deployment/web (nginx:latest)',
    ],
  ],
  [
    'somebody who may not list workloads',
    [...label('tallyman.dev/mode=enforce', '--dry-run=server'), '--as=labeller'],
    [
      'Namespace/team-a: enforce (label tallyman.dev/mode, TagPolicy default)',
      'Namespace/team-a: 2 of 2 workloads would be denied: 1 at its next run or release, 1 when its image is changed',
      'Namespace/team-a: 1 at its next run or release [partialTag]',
      'Namespace/team-a: 1 when its image is changed [latestTag]',
    ],
  ],
  [
    'admin, with a slip of the pen',
    label('tallyman.dev/mode=enforec'),
    [
      'Namespace/team-a: the label tallyman.dev/mode="enforec" is ignored: did you mean enforce?',
      'Namespace/team-a: warn (TagPolicy default, mode)',
    ],
  ],
  [
    'admin, naming a policy that is not there',
    label('tallyman.dev/policy=lab'),
    [
      'Namespace/team-a: the label tallyman.dev/policy="lab" is ignored: no TagPolicy of that name is in force; TagPolicy default holds',
      'Namespace/team-a: the label tallyman.dev/mode="enforec" is ignored: did you mean enforce?',
      'Namespace/team-a: warn (TagPolicy default, mode)',
    ],
  ],
]
for (const [who, command, warnings] of labels)
  t.test(`what a label does is told: ${who}`, async (t) => {
    const wanted = warnings.map((line) => `Warning: ${line}`)
    const { code, stderr } = await inFull(
      () => as('admin')(command),
      ({ stderr }) => !command.includes('--dry-run=server') || stderr.trim() === wanted.join('\n'),
    )
    t.equal(code, 0)
    t.same(stderr.trim().split('\n'), wanted)
  })

t.test('the deletion of the policy that holds is told, and goes through', async (t) => {
  const { code, stdout, stderr } = await as('policy-owner')(['delete', 'tagpolicy', 'default'])
  t.same({ code, stdout }, { code: 0, stdout: 'tagpolicy.tallyman.dev "default" deleted\n' })
  t.match(
    stderr,
    /^Warning: TagPolicy\/default: without it the built-in policy holds in \d+ namespaces, with mode warn, and its facts about the cluster in all\n$/,
  )
})

function patch(change: object): string[] {
  return ['patch', 'tagpolicy', 'default', '--type', 'merge', '-p', JSON.stringify(change)]
}
