import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { cronJob, DIGEST, OTHER_DIGEST, pod, podOfDeployment, templated } from '../preview/objects.ts'
import {
  type Answers,
  answeringCluster,
  NAMESPACES,
  namespace,
  POLICIES,
  tagPolicy,
} from './answering-cluster.ts'
import { tallyman } from './memory-terminal.ts'

const group = (version: string) => ({ kind: 'APIGroup', preferredVersion: { version } })
const inTeam = (path: string) => path.replace('*', 'namespaces/team-a')

const CLUSTER: Answers = {
  [NAMESPACES]: [namespace('team-a', { team: 'vision' }), namespace('lab')],
  [`${NAMESPACES}/team-a`]: namespace('team-a', { team: 'vision' }),
  [POLICIES]: [tagPolicy('default', { mode: 'warn' })],
  '/apis/apps': group('v1'),
  '/apis/batch': group('v1'),
  '/apis/apps/v1/deployments': [templated('web', 'busybox:1.36'), templated('api', 'nginx:1.25.3')],
  '/apis/batch/v1/jobs': [templated('exp', 'nginx', { namespace: 'lab' })],
  '/apis/batch/v1/cronjobs': [],
  '/api/v1/pods': [],
  [inTeam('/apis/apps/v1/*/deployments')]: [templated('web', 'busybox:1.36')],
  [inTeam('/apis/batch/v1/*/jobs')]: [templated('exp', 'nginx')],
  [inTeam('/apis/batch/v1/*/cronjobs')]: [cronJob('night', 'nginx:1.25.3')],
  [inTeam('/api/v1/*/pods')]: [
    podOfDeployment('web', 'busybox:1.36', `busybox@${DIGEST}`, 0),
    podOfDeployment('web', 'busybox:1.36', `busybox@${DIGEST}`, 1),
    podOfDeployment('web', 'busybox:1.36', `busybox@${OTHER_DIGEST}`, 2),
    pod('debug', 'nginx:1.25.3'),
  ],
}

async function preview(t: Test, args: readonly string[], answers: Answers = {}) {
  const kubeconfig = await answeringCluster(t, { ...CLUSTER, ...answers })
  return tallyman(['preview', ...args, '--kubeconfig', kubeconfig])
}

t.test("the context's namespace, each workload with what to write", async (t) => {
  const { code, stdout, stderr } = await preview(t, [])
  t.equal(code, 1)
  t.equal(
    stdout,
    `Denied at its next run or release: 1 workload
  team-a: Job/exp
    container "main" [latestTag]: nginx has no tag and so means latest
      image: nginx:<version>

Denied only when its image changes: 1 workload
  team-a: Deployment/web
    container "main" [partialTag]: busybox:1.36 moves to each new 1.36.z, but without
    imagePullPolicy (the default here is IfNotPresent) a node keeps the copy it has
    2 versions run under this name now; this is the most frequent one:
      image: busybox:1.36@${DIGEST}

2 workloads would be denied, of 4 in 1 namespace (7 objects read).
`,
  )
  t.equal(
    stderr,
    'tallyman: judged as if every switch were enforce; --policy FILE judges by a policy as it stands\n',
  )
})

t.test('as the cluster is switched now', async (t) => {
  const { code, stdout } = await preview(t, ['--mode', 'warn'])
  t.equal(code, 0)
  t.equal(stdout, 'Nothing would be denied, of 4 in 1 namespace (7 objects read).\n')
})

t.test('by a policy as it is to become', async (t) => {
  const policy = (spec: string) =>
    `apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: default}\nspec: ${spec}\n`
  // Not the test's own folder: the kubeconfig has that.
  const folder = await mkdtemp(join(tmpdir(), 'tallyman-preview-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const file = join(folder, 'policy.yaml')
  await writeFile(file, policy('{mode: enforce, enforceFrom: 2199-01-01, rules: {partialTag: warn}}'))
  const { code, stdout } = await preview(t, ['--policy', file])
  t.equal(code, 1)
  t.match(stdout, 'team-a: Job/exp, from 2199-01-01')
  t.notMatch(stdout, 'Deployment')
  await writeFile(file, policy('{mode: off}'))
  t.match(await preview(t, ['--policy', file]), { code: 2, stderr: /policy\.yaml:4: spec\.mode: / })
})

t.test('all namespaces, counted by a label', async (t) => {
  const { code, stdout } = await preview(t, ['-A', '--group-by', 'team', '--fail-on', 'none'])
  t.equal(code, 0)
  t.equal(
    stdout,
    `team    workloads  would be denied  in order
(none)          1                1       0 %
vision          2                1      50 %

2 workloads would be denied, of 3 in 2 namespaces (3 objects read).
`,
  )
})

t.test('JSON', async (t) => {
  const { stdout } = await preview(t, ['-o', 'json'])
  t.match(JSON.parse(stdout), {
    breakages: [
      {
        trigger: 'next',
        namespace: 'team-a',
        group: 'batch',
        kind: 'Job',
        name: 'exp',
        images: [{ container: 'main', image: 'nginx', rules: ['latestTag'] }],
      },
      {
        trigger: 'change',
        kind: 'Deployment',
        images: [{ running: [DIGEST, OTHER_DIGEST], remedy: `busybox:1.36@${DIGEST}` }],
      },
    ],
    unread: [],
    summary: { workloads: 4, denied: 2, read: 7 },
  })
})

t.test('CSV, which no spreadsheet runs', async (t) => {
  const { stdout } = await preview(t, ['-o', 'csv'], {
    [inTeam('/apis/batch/v1/*/jobs')]: [templated('exp', '=cmd|"/c calc"!A0')],
  })
  const [head, first] = stdout.split('\r\n')
  t.equal(head, 'namespace,kind,name,denied,from,container,image,rules,replaceBy,runningVersions')
  t.equal(first, 'team-a,Job,exp,next,,main,"\'=cmd|""/c calc""!A0",invalidReference,,0')
  const grouped = await preview(t, ['-A', '-o', 'csv', '--group-by', 'team'])
  t.equal(grouped.stdout, 'team,workloads,denied\r\n,1,1\r\nvision,2,1\r\n')
})

t.test('what may not be read', async (t) => {
  const refused = await preview(t, [], {
    [inTeam('/api/v1/*/pods')]: [403, 'pods is forbidden: User "dev" cannot list'],
  })
  t.equal(refused.code, 2)
  t.match(refused.stderr, 'tallyman: pods could not be read: pods is forbidden: User "dev" cannot list')
  t.match(refused.stdout, 'Job/exp', 'the rest is told')
  const noPolicies = await preview(t, [], { [POLICIES]: [403, 'cannot list tagpolicies'] })
  t.match(noPolicies.stderr, /you may not read TagPolicies, so the built-in policy is taken/)
  t.equal(noPolicies.code, 1)
  t.match(await preview(t, ['-A'], { [NAMESPACES]: [403, 'cannot list'] }), {
    code: 2,
    stderr: /the cluster refuses/,
  })
})

t.test('namespaces that are not there, and questions that make no sense', async (t) => {
  t.match(await preview(t, ['nowhere']), { code: 2, stderr: /there is no namespace "nowhere"/ })
  t.match(await preview(t, ['team-a', '-A']), { code: 2, stderr: /but not both/ })
  t.match(await preview(t, ['--group-by', 'a b']), { code: 2, stderr: /name of a label/ })
})

t.test('a cluster without TagPolicies', async (t) => {
  t.match(await preview(t, [], { [POLICIES]: [404, 'not found'] }), { code: 1, stderr: /has no TagPolicies/ })
})

t.test('nothing in an object reaches the terminal as it is', async (t) => {
  const { stdout } = await preview(t, [], {
    [inTeam('/apis/batch/v1/*/jobs')]: [templated('a\u001b[2J', 'nginx\u0007')],
  })
  t.notOk(stdout.includes('\u001b') || stdout.includes('\u0007'), stdout)
})
