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

const inTeam = (path: string) => path.replace('*', 'namespaces/team-a')

const CLUSTER: Answers = {
  [NAMESPACES]: [namespace('team-a', { team: 'vision' }), namespace('lab')],
  [`${NAMESPACES}/team-a`]: namespace('team-a', { team: 'vision' }),
  [POLICIES]: [tagPolicy('default', { mode: 'warn' })],
  '/apis': { kind: 'APIGroupList', groups: [] },
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
  NAMESPACE  WORKLOAD  CONTAINER  RULE       IMAGE
  team-a     Job/exp   main       latestTag  nginx
      image: nginx:<version>

Denied only when its image changes: 1 workload
  NAMESPACE  WORKLOAD        CONTAINER  RULE        IMAGE
  team-a     Deployment/web  main       partialTag  busybox:1.36
      image: busybox:1.36@${DIGEST}
      # 2 versions run under this name now, this one most often

2 workloads would be denied, of 4 in 1 namespace (7 objects read).
tallyman explain latestTag says what that rule asks.
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
  const { code, stdout, stderr } = await preview(t, ['--policy', file])
  t.equal(code, 1)
  t.match(stdout, /team-a {5}Job\/exp .* 2199-01-01 {2}nginx/)
  t.match(stderr, /judged by .*policy\.yaml as it stands; --mode enforce judges/)
  t.notMatch(stdout, 'Deployment')
  await writeFile(file, policy('{mode: off}'))
  t.match(await preview(t, ['--policy', file]), { code: 2, stderr: /policy\.yaml:4: spec\.mode: / })
})

t.test('what is exempt is said beside it', async (t) => {
  const exemptions = [{ name: 'vendor', images: ['nginx'], reason: 'r', expires: '2199-01-01' }]
  const { stdout, stderr } = await preview(t, [], { [POLICIES]: [tagPolicy('default', { exemptions })] })
  t.notMatch(stdout, 'Job/exp')
  t.match(stderr, /^Exempt: 1 workload by vendor \(only until 2199-01-01\)\.$/m)
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
        images: [{ running: [DIGEST, OTHER_DIGEST], remedy: { image: `busybox:1.36@${DIGEST}` } }],
      },
    ],
    unread: [],
    summary: { workloads: 4, denied: 2, shown: 2, read: 7 },
  })
})

t.test('CSV, which no spreadsheet runs', async (t) => {
  const { stdout } = await preview(t, ['-o', 'csv'], {
    [inTeam('/apis/batch/v1/*/jobs')]: [templated('exp', '=cmd|"/c calc"!A0')],
  })
  const [head, first] = stdout.split('\r\n')
  t.equal(
    head,
    'namespace,kind,name,denied,from,container,image,rules,replaceBy,pullPolicy,firstRun,runningVersions,exemption,exemptUntil',
  )
  t.equal(first, 'team-a,Job,exp,next,,main,"\'=cmd|""/c calc""!A0",invalidReference,,,,0,,')
  const grouped = await preview(t, ['-A', '-o', 'csv', '--group-by', 'team'])
  t.equal(grouped.stdout, 'team,workloads,denied\r\n,1,1\r\nvision,2,1\r\n')
})

t.test('what may not be read', async (t) => {
  const refused = await preview(t, [], {
    [inTeam('/api/v1/*/pods')]: [403, 'pods is forbidden: User "dev" cannot list'],
  })
  t.equal(refused.code, 2)
  t.match(refused.stderr, 'tallyman: could not read pods: pods is forbidden: User "dev" cannot list')
  t.match(refused.stderr, 'tallyman: the ClusterRole view lets one list them')
  t.match(refused.stdout, 'Not all could be read.')
  t.match(refused.stdout, 'Job/exp', 'the rest is told')
  const noPolicies = await preview(t, [], { [POLICIES]: [403, 'cannot list tagpolicies'] })
  t.match(noPolicies.stderr, /you may not read TagPolicies, so the built-in policy is taken/)
  t.equal(noPolicies.code, 1)
  t.match(await preview(t, ['-A'], { [NAMESPACES]: [403, 'cannot list'] }), {
    code: 2,
    stderr: /the cluster refuses/,
  })
})

t.test('a namespace whose labels may not be read', async (t) => {
  const { code, stderr } = await preview(t, [], {
    [`${NAMESPACES}/team-a`]: [403, 'namespaces "team-a" is forbidden: User "dev" cannot get'],
  })
  t.equal(code, 1)
  t.match(stderr, 'judged as one without labels: namespaces "team-a" is forbidden')
})

t.test('what the API server does not ask about is left out', async (t) => {
  const { stdout, stderr } = await preview(t, ['-A'], {
    [NAMESPACES]: [namespace('team-a'), namespace('kube-system')],
    '/apis/apps/v1/deployments': [templated('dns', 'nginx', { namespace: 'kube-system' })],
    '/apis/batch/v1/jobs': [],
  })
  t.match(stdout, /^Nothing would be denied, of 0/)
  t.notMatch(stderr, 'kube-system')
  const named = await preview(t, ['kube-system'], {
    [`${NAMESPACES}/kube-system`]: namespace('kube-system'),
  })
  t.equal(named.code, 0)
  t.match(named.stderr, 'does not ask tallyman about what is in "kube-system": nothing is denied there')
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
