/** What tallyman and the people who use it may do: what they need, and nothing more. */
import { randomUUID } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { outlookOrder } from '../../src/preview/outlook.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import { type Action as Access, userMay } from '../control-plane/access-review.ts'
import type { ApiClient } from '../control-plane/api-client.ts'
import { type AuditEvent, readAuditLog } from '../control-plane/audit-log.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { until } from '../control-plane/until.ts'
import { apiPath } from './api-path.ts'
import { POLICY_FILE } from './deploy-copy.ts'
import { expectDone, type Kubectl } from './kubectl.ts'
import { ENFORCE, policy } from './policy.ts'
import { signal } from './programs.ts'
import { serviceAccount } from './service-account.ts'
import { type SetUp, setUp } from './set-up.ts'

const ACCOUNT = 'system:serviceaccount:tallyman:tallyman'
const WITHIN_MS = 30_000
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

/** The same as in lists of rights: `list pods`. */
const PREVIEW_RIGHTS: readonly string[] = PREVIEW.map(
  ({ verb, resource, group }) => `${verb} ${group ? `${resource}.${group}` : resource}`,
)

/** A verdict asks for a namespace that the watch has not brought yet, which may not happen in a test. */
const NOW_AND_THEN = 'get namespaces'

/**
 * Without the component preview tallyman tries on a change of a policy what a preview reads: that is how it learns, once a
 * minute, whether the component is installed.
 */
const TRIES = [
  'list cronjobs.batch',
  'list daemonsets.apps',
  'list deployments.apps',
  'list jobs.batch',
  'list pods',
  'list replicationcontrollers',
  'list statefulsets.apps',
]

const CERTIFICATE_SECRET = 'secrets/tallyman-certificate'
const EVENTS_OF_KUBERNETES = 'events.events.k8s.io'

/** What it takes to keep a certificate of its own, and is missing where that comes from files. */
const KEEP_CERTIFICATE: readonly Action[] = [
  ['create', 'secrets'],
  ...['list', 'watch', 'patch'].map((verb): Action => [verb, CERTIFICATE_SECRET]),
  ['patch', `${REGISTRATIONS}/tallyman`],
]
/** What the component events adds. */
const WRITE_EVENTS: readonly Action[] = ['create', 'patch'].map((verb) => [
  verb,
  EVENTS_OF_KUBERNETES,
  EVERYWHERE,
])

/** What would be dangerous, and what Pods read about themselves. */
const UNUSED: readonly Action[] = [
  ...EDIT,
  ...['create', 'update', 'patch', 'delete'].map((verb): Action => [verb, 'namespaces', EVERYWHERE]),
  ...['list', 'watch'].map((verb): Action => [verb, REGISTRATIONS]),
  ['get', `${REGISTRATIONS}/another`],
  ['patch', `${REGISTRATIONS}/another`],
  ...['update', 'delete'].map((verb): Action => [verb, `${REGISTRATIONS}/tallyman`]),
  ['get', 'configmaps'],
  ...['get', 'update', 'delete'].map((verb): Action => [verb, CERTIFICATE_SECRET]),
  ...['get', 'patch'].map((verb): Action => [verb, 'secrets/tallyman-tls']),
  ['list', 'secrets'],
  ...['create', 'list'].map((verb): Action => [verb, 'secrets', EVERYWHERE]),
  ['create', 'pods'],
  ['get', 'pods'],
  ['watch', 'pods', EVERYWHERE],
  ['list', 'replicasets.apps', EVERYWHERE],
  ['create', 'events'],
  ...['get', 'list', 'update', 'delete'].map((verb): Action => [verb, EVENTS_OF_KUBERNETES, EVERYWHERE]),
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

/** All that a user may do, as kubectl lists it: `list namespaces`. */
async function rights(admin: Kubectl, user: string): Promise<string[]> {
  const list = expectDone(await admin(['auth', 'can-i', '--list', '-n', 'tallyman', `--as=${user}`]))
  const [, ...lines] = list.trimEnd().split('\n')
  return lines.flatMap((line) => {
    const [, what = '', names = '', verbs = ''] =
      /^(.*?) +(?:\[.*?\] +)\[(.*?)\] +\[(.*?)\]$/.exec(line) ?? []
    return verbs.split(' ').map((verb) => `${verb} ${what.trim()}${names === '' ? '' : ` ${names}`}`)
  })
}

/** What a service account gets that is bound to nothing. */
const NOBODY = 'system:serviceaccount:default:nobody'

/** What tallyman may do beyond that. */
async function granted(admin: Kubectl): Promise<string[]> {
  const [all, others] = [await rights(admin, ACCOUNT), await rights(admin, NOBODY)]
  return [...new Set(all.filter((right) => !others.includes(right)))].sort()
}

/** What tallyman has asked the API server for, each once: `update tagpolicies.tallyman.dev/status`. */
async function asked({ auditLog }: ControlPlane): Promise<{ granted: string[]; refused: string[] }> {
  const events = (await readAuditLog(auditLog)).filter(({ user }) => user.username === ACCOUNT)
  const named = (wanted: (code: number | undefined) => boolean) => [
    ...new Set(events.filter(({ responseStatus }) => wanted(responseStatus?.code)).flatMap(access)),
  ]
  return { granted: named((code) => code !== 403).sort(), refused: named((code) => code === 403).sort() }
}

/** Discovery, which asks for no object, is everybody's. */
function access({ verb, objectRef }: AuditEvent): string[] {
  if (objectRef === undefined) return []
  const { resource, apiGroup, subresource, name } = objectRef
  const type = apiGroup === undefined ? resource : `${resource}.${apiGroup}`
  const part = subresource === undefined ? '' : `/${subresource}`
  // The right to it is a right to the one that is tallyman's; but what is made has no name yet.
  const named = [REGISTRATIONS, 'secrets'].includes(type) && verb !== 'create'
  return [`${verb} ${type}${part}${named ? ` ${name}` : ''}`]
}

/** Waits until it has asked for something, and was allowed to. */
async function asksFor({ controlPlane }: SetUp, right: string): Promise<void> {
  await until(right, WITHIN_MS, signal, async () =>
    (await asked(controlPlane)).granted.includes(right) ? true : undefined,
  )
}

/** Changes the policy, so that a preview is due, and waits until tallyman has written what it thinks of it. */
async function changeThePolicy(set: SetUp): Promise<void> {
  await set.tallyman.changePolicy(policy({ mode: 'warn' }))
  await set.tallyman.changePolicy(ENFORCE)
  await asksFor(set, `update ${POLICIES}/status`)
}

/** Breaks the Secret, so that the certificate in it is due, and waits until tallyman has kept another. */
async function breakTheCertificate(set: SetUp): Promise<void> {
  const broken = { data: { 'tls.crt': Buffer.from('junk').toString('base64') } }
  const patch = ['patch', 'secret', 'tallyman-certificate', '-n', 'tallyman', '-p', JSON.stringify(broken)]
  expectDone(await set.as('admin')(patch))
  await asksFor(set, 'patch secrets tallyman-certificate')
}

/** Has owned Pods denied until each replica has said so: one makes the Event, and the other counts into it. */
async function denyOwned(t: Test, { tallyman, controlPlane }: SetUp): Promise<void> {
  const { client } = await serviceAccount(t, controlPlane, 'team-a', 'robot')
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: 'web',
    uid: randomUUID(),
    controller: true,
  }
  const pod = {
    metadata: { generateName: 'web-', ownerReferences: [owner] },
    spec: { containers: [{ name: 'main', image: 'nginx' }] },
  }
  const silent = async () => {
    const written = tallyman.replicas.map((it) => it.metric('tallyman_events_total', { outcome: 'written' }))
    return (await Promise.all(written)).includes(0)
  }
  await until('an Event of each replica', WITHIN_MS, signal, async () => {
    if (!(await silent())) return true
    // At once, so that the API server needs more connections than one.
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => client.create(apiPath('v1', 'pods', 'team-a'), pod)),
    )
    t.same([...new Set(answers.map(({ status }) => status))], [403])
    return undefined
  })
}

/** What it was granted is what it has asked for, and it was refused nothing but what a preview would read. */
async function noMoreAndNoLess(t: Test, { as, controlPlane }: SetUp): Promise<void> {
  const seen = await asked(controlPlane)
  t.same(await granted(as('admin')), [...new Set([...seen.granted, NOW_AND_THEN])].sort())
  t.ok(seen.refused.includes('list pods'), 'it has tried')
  t.same(
    seen.refused.filter((action) => !TRIES.includes(action)),
    [],
  )
}

t.test('as it is installed', async (t) => {
  const set = await setUp(t, { policy: ENFORCE, overlay: 'managed' })
  const { as, controlPlane } = set
  const admin = as('admin')

  await t.test('tallyman may do what it does, and nothing more', async (t) => {
    await changeThePolicy(set)
    await breakTheCertificate(set)
    await noMoreAndNoLess(t, set)
    await answers(t, admin, KEEP_CERTIFICATE, 'yes', ACCOUNT)
    await answers(t, admin, [...UNUSED, ...WRITE_EVENTS], 'no', ACCOUNT)
    await previews(t, controlPlane.admin, false)
    t.equal(
      (await admin(['auth', 'can-i', 'list', 'secrets', '--as=admin'])).stdout.trim(),
      'no',
      'without groups',
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

t.test('with the component events it may write Events, and read none', async (t) => {
  const set = await setUp(t, { policy: ENFORCE, overlay: 'managed', components: ['events'], replicas: 2 })
  await changeThePolicy(set)
  await breakTheCertificate(set)
  await denyOwned(t, set)
  await noMoreAndNoLess(t, set)
  const admin = set.as('admin')
  await answers(t, admin, [...KEEP_CERTIFICATE, ...WRITE_EVENTS], 'yes', ACCOUNT)
  await answers(t, admin, UNUSED, 'no', ACCOUNT)
})

t.test('with a certificate from files it may touch no Secret, and with preview list workloads', async (t) => {
  const set = await setUp(t, { policy: ENFORCE, overlay: 'own-certificate', components: ['preview'] })
  const { as, controlPlane } = set
  await previews(t, controlPlane.admin, true)
  await answers(t, as('admin'), [...UNUSED, ...KEEP_CERTIFICATE, ...WRITE_EVENTS], 'no', ACCOUNT)
  await changeThePolicy(set)
  const seen = await asked(controlPlane)
  t.ok(seen.granted.includes('list pods'), 'it has made a preview')
  t.same(seen.refused, [])
  // Of those for a preview, most are for kinds that this cluster does not have.
  const others = (rights: readonly string[]) => rights.filter((right) => !PREVIEW_RIGHTS.includes(right))
  t.same(
    others(await granted(as('admin'))),
    others([...new Set([...seen.granted, NOW_AND_THEN])].sort()),
    'and nothing more',
  )
})

t.test('with its policy in a file it needs no right at all', async (t) => {
  const { as, tallyman, controlPlane } = await setUp(t, { policy: ENFORCE, components: ['policy-file'] })
  const admin = as('admin')
  t.same(await granted(admin), [], 'it may do what any service account may')

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
