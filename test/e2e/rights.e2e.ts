/** What tallyman and the people who use it may do: what they need, and nothing more. */
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { outlookOrder } from '../../src/preview/outlook.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import { type Action as Access, userMay } from '../control-plane/access-review.ts'
import type { ApiClient } from '../control-plane/api-client.ts'
import { readAuditLog } from '../control-plane/audit-log.ts'
import { apiPath } from './api-path.ts'
import { POLICY_FILE } from './deploy-copy.ts'
import { expectDone, type Kubectl } from './kubectl.ts'
import { ENFORCE } from './policy.ts'
import { setUp } from './set-up.ts'

const ACCOUNT = 'system:serviceaccount:tallyman:tallyman'
const EVERYWHERE = '--all-namespaces'
const STATUS = '--subresource=status'
const POLICIES = 'tagpolicies.tallyman.dev'
const REGISTRATIONS = 'validatingwebhookconfigurations.admissionregistration.k8s.io'

/** What is asked of `kubectl auth can-i`. */
type Action = readonly [verb: string, object: string, ...options: string[]]

const VIEW: readonly Action[] = ['get', 'list', 'watch'].map((verb) => [verb, POLICIES])
const EDIT: readonly Action[] = ['create', 'update', 'patch', 'delete', 'deletecollection'].map((verb) => [
  verb,
  POLICIES,
])
/** Nobody but tallyman writes it. */
const WRITE_STATUS: readonly Action[] = ['update', 'patch'].map((verb) => [verb, POLICIES, STATUS])
/** Of kinds that are not installed, which kubectl does not ask about. */
const PREVIEW: readonly Access[] = [
  ...outlookOrder(kindsTable().all).map(({ group, resource }) => ({ verb: 'list', group, resource })),
  { verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' },
]

const USED: readonly Action[] = [
  ...['get', 'list', 'watch'].map((verb): Action => [verb, 'namespaces', EVERYWHERE]),
  ...VIEW,
  ...WRITE_STATUS,
  ...['get', 'list', 'watch'].map((verb): Action => [verb, `${REGISTRATIONS}/tallyman`]),
]
/** What would be dangerous, and what Pods read about themselves. */
const UNUSED: readonly Action[] = [
  ...EDIT,
  ...['create', 'update', 'patch', 'delete'].map((verb): Action => [verb, 'namespaces', EVERYWHERE]),
  ...['list', 'watch'].map((verb): Action => [verb, REGISTRATIONS]),
  ['get', `${REGISTRATIONS}/another`],
  ...['update', 'patch', 'delete'].map((verb): Action => [verb, `${REGISTRATIONS}/tallyman`]),
  ['get', 'configmaps'],
  ['get', 'secrets/tallyman-tls'],
  ['list', 'secrets', EVERYWHERE],
  ['create', 'pods'],
  ['get', 'pods'],
  ['watch', 'pods', EVERYWHERE],
  ['list', 'replicasets.apps', EVERYWHERE],
  ['create', 'events'],
  ['update', 'leases.coordination.k8s.io'],
  ['create', 'serviceaccounts', '--subresource=token'],
  ['impersonate', 'users'],
  ['get', '/metrics'],
  ['*', '*'],
]

/** Compares the answers to a table of actions. */
async function answers(
  t: Test,
  as: Kubectl,
  actions: readonly Action[],
  expected: 'yes' | 'no',
  user?: string,
) {
  const impersonate = user === undefined ? [] : [`--as=${user}`]
  const said = await Promise.all(
    actions.map(async (action) =>
      (await as(['auth', 'can-i', ...action, '-n', 'tallyman', ...impersonate])).stdout.trim(),
    ),
  )
  for (const [index, action] of actions.entries()) t.equal(said[index], expected, action.join(' '))
}

async function previews(t: Test, admin: ApiClient, expected: boolean): Promise<void> {
  for (const access of PREVIEW)
    t.equal(await userMay(admin, ACCOUNT, access), expected, `${access.verb} ${access.resource}`)
}

/** All that a user may do, as kubectl lists it. */
async function rights(admin: Kubectl, user: string): Promise<string[]> {
  const list = expectDone(await admin(['auth', 'can-i', '--list', '-n', 'tallyman', `--as=${user}`]))
  return list
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '))
}

t.test('as it is installed', async (t) => {
  const { as, controlPlane } = await setUp(t, { policy: ENFORCE })
  const admin = as('admin')

  t.test('tallyman may do what it does', async (t) => {
    await answers(t, admin, USED, 'yes', ACCOUNT)
    await answers(t, admin, UNUSED, 'no', ACCOUNT)
    await previews(t, controlPlane.admin, false)
    const others = await rights(admin, 'system:serviceaccount:default:nobody')
    t.same((await rights(admin, ACCOUNT)).filter((right) => !others.includes(right)).sort(), [
      'namespaces [] [] [get list watch]',
      'tagpolicies.tallyman.dev [] [] [get list watch]',
      'tagpolicies.tallyman.dev/status [] [] [update patch]',
      'validatingwebhookconfigurations.admissionregistration.k8s.io [] [tallyman] [get list watch]',
    ])
    t.equal(
      (await admin(['auth', 'can-i', 'list', 'secrets', '--as=admin'])).stdout.trim(),
      'no',
      'without groups',
    )
  })

  t.test('and is refused nothing that it asks for', async (t) => {
    const asked = (await readAuditLog(controlPlane.auditLog)).filter(({ user }) => user.username === ACCOUNT)
    t.same(
      asked.filter(
        ({ objectRef }) => !(objectRef?.resource === 'tagpolicies' && objectRef.subresource === 'status'),
      ),
      [],
    )
    t.same(
      asked.filter(({ responseStatus }) => responseStatus?.code === 403),
      [],
    )
  })

  t.test('whoever owns the policies edits them, and no namespace', async (t) => {
    const owner = as('policy-owner')
    await answers(t, owner, [...VIEW, ...EDIT], 'yes')
    await answers(t, owner, WRITE_STATUS, 'no')
    await answers(
      t,
      owner,
      [
        ['patch', 'namespaces'],
        ['update', 'namespaces'],
      ],
      'no',
    )
  })

  t.test('whoever views them changes nothing, and a submitter sees none', async (t) => {
    await controlPlane.addUser({ name: 'viewer', groups: [], about: 'may read TagPolicies' })
    const bind = ['create', 'clusterrolebinding', 'viewer', '--clusterrole=tallyman-viewer', '--user=viewer']
    expectDone(await admin(bind))
    await answers(t, as('viewer'), VIEW, 'yes')
    await answers(t, as('viewer'), [...EDIT, ...WRITE_STATUS, ['list', 'namespaces']], 'no')
    await answers(t, as('submitter'), [...VIEW, ...EDIT], 'no')
  })
})

t.test('with the component preview it may list workloads, and ask who may', async (t) => {
  const { as, controlPlane } = await setUp(t, { components: ['preview'] })
  await previews(t, controlPlane.admin, true)
  await answers(t, as('admin'), USED, 'yes', ACCOUNT)
  await answers(t, as('admin'), UNUSED, 'no', ACCOUNT)
})

t.test('with its policy in a file it needs no right at all', async (t) => {
  const { as, tallyman, controlPlane } = await setUp(t, { policy: ENFORCE, components: ['policy-file'] })
  const admin = as('admin')
  const nobody = 'system:serviceaccount:default:nobody'
  t.same(await rights(admin, ACCOUNT), await rights(admin, nobody), 'it may do what any service account may')

  const { body } = await controlPlane.admin.get(`${apiPath('apps/v1', 'deployments', 'tallyman')}/tallyman`)
  const { metadata, spec } = (body as { spec: { template: { metadata: object; spec: object } } }).spec
    .template
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'a' }, spec }
  const created = await controlPlane.admin.create(`${apiPath('v1', 'pods', 'tallyman')}?dryRun=All`, pod)
  const { volumes } = (created.body as { spec: { volumes: { name: string }[] } }).spec
  t.same(volumes.map(({ name }) => name).sort(), ['policy', 'tls'], 'no token is mounted')

  await appendFile(join(tallyman.deploy, POLICY_FILE), '# a change\n')
  const applied = expectDone(await tallyman.apply())
  t.match(applied, /^configmap\/tallyman-policy-[a-z0-9]+ created$/m, 'a new policy makes a new ConfigMap')
  t.match(applied, /^deployment\.apps\/tallyman configured$/m)

  const events = await readAuditLog(controlPlane.auditLog)
  t.ok(events.length > 0)
  t.same(
    events.filter(({ user }) => user.username === ACCOUNT),
    [],
    'and it asked for nothing',
  )
})
