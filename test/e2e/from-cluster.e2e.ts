/** The commands that ask a cluster for its policies: policy show, and lint --from-cluster, as whoever may and may not. */
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { boot } from './boot.ts'
import { copyDeploy, overlayWith } from './deploy-copy.ts'
import { expectDone, kubectl } from './kubectl.ts'
import { policy } from './policy.ts'
import { programs, signal } from './programs.ts'
import { putTagPolicy, tagPoliciesServed } from './tag-policy.ts'
import { tallymanAs } from './tallyman-as.ts'

const POD = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec: {containers: [{name: main, image: nginx}]}
`

const controlPlane = await boot(t)
const { admin } = controlPlane
const deploy = join(controlPlane.folder, 'deploy')
await copyDeploy(deploy)
const asAdmin = kubectl(programs.kubectl, controlPlane.login('admin').kubeconfig)
expectDone(await asAdmin(['apply', '-k', await overlayWith(deploy, 'own-certificate', [])]))
await tagPoliciesServed(admin, signal)
const written = [
  policy({ mode: 'enforce', enforceFrom: '2099-12-07', rules: { needlessPull: 'audit' } }),
  policy({ mode: 'enforce', namespaces: ['lab'] }, 'lab'),
]
for (const one of written) expectSuccess(await putTagPolicy(admin, one), 'putting a TagPolicy')
await controlPlane.createNamespace('lab', { 'tallyman.dev/policy': 'lab' })
await controlPlane.createNamespace('slip', { 'tallyman.dev/mode': 'off' })

const tallyman = tallymanAs(controlPlane)

t.test('the cluster, as whoever owns the policies', async (t) => {
  const { code, stdout, stderr } = await tallyman('policy-owner', ['policy', 'show'])
  t.same([code, stderr], [0, ''])
  t.match(stdout, '\n  mode        warn, from 2099-12-07 enforce (TagPolicy default, mode)\n')
  t.match(
    stdout,
    /\nRules {15}today {5}from 2099-12-07 {2}at most {3}set by\n {2}latestTag {9}warn {6}enforce {10}enforce {3}built-in\n/,
  )
  t.match(stdout, '\n  enforce: 1 namespace with lab (TagPolicy lab, mode)\n      lab\n')
  t.match(stdout, '\n  slip: the label tallyman.dev/mode="off" is ignored: the mode is called disabled\n')
  const { namespaces } = JSON.parse((await tallyman('policy-owner', ['policy', 'show', '-o', 'json'])).stdout)
  t.match(namespaces.groups[1], { policy: 'default', mode: 'warn', deniedFrom: '2099-12-07' })
})

t.test('a namespace of it', async (t) => {
  const { code, stdout } = await tallyman('policy-owner', ['policy', 'show', 'lab'])
  t.equal(code, 0)
  t.match(
    stdout,
    '\n  mode        enforce (TagPolicy lab, mode)\n  policy      lab (label tallyman.dev/policy)\n',
  )
  const missing = await tallyman('policy-owner', ['policy', 'show', 'team-x'])
  t.same([missing.code, missing.stdout], [2, ''])
  t.match(missing.stderr, 'tallyman: there is no namespace "team-x" in the cluster')
})

t.test('a submitter may not read policies, until somebody lets them', async (t) => {
  const lint = ['lint', '-', '--from-cluster']
  for (const args of [['policy', 'show', 'team-a'], lint]) {
    const { code, stdout, stderr } = await tallyman('submitter', args, POD)
    t.same([code, stdout], [2, ''])
    t.match(
      stderr,
      /^tallyman: the cluster refuses: tagpolicies\.tallyman\.dev is forbidden: User "submitter" cannot list/,
    )
    t.match(stderr, 'The ClusterRole tallyman-viewer lets one read TagPolicies')
  }
  expectDone(
    await asAdmin(['create', 'clusterrolebinding', 'a', '--clusterrole=tallyman-viewer', '--user=submitter']),
  )

  t.test('then their own namespace is all that they see', async (t) => {
    t.match(
      (await tallyman('submitter', ['policy', 'show', 'team-a'])).stdout,
      /^Namespace team-a\n {2}mode {8}warn, from/,
    )
    const cluster = await tallyman('submitter', ['policy', 'show'])
    t.equal(cluster.code, 0)
    t.match(cluster.stderr, /^tallyman: what holds in which namespace is left out: namespaces is forbidden/)
    const other = await tallyman('submitter', ['policy', 'show', 'lab'])
    t.equal(other.code, 2)
    t.match(other.stderr, /^tallyman: the cluster refuses: namespaces "lab" is forbidden/)
  })

  t.test('and lint judges by it', async (t) => {
    const own = await tallyman('submitter', lint, POD)
    t.equal(own.code, 0)
    t.match(own.stdout, 'stdin:4: warning: Pod/a, container "main" [latestTag]')
    t.match(own.stderr, /^Judged by what holds in the cluster today/)
    t.equal((await tallyman('submitter', [...lint, '--mode', 'enforce'], POD)).code, 1)
    const other = await tallyman('submitter', [...lint, '-n', 'lab'], POD)
    t.same([other.code, other.stdout], [2, ''])
    t.equal((await tallyman('admin', [...lint, '-n', 'lab'], POD)).code, 1)
  })
})

t.test('an API server that is gone', async (t) => {
  const kubeconfig = join(t.testdir(), 'kubeconfig')
  await copyFile(controlPlane.login('admin').kubeconfig, kubeconfig)
  await controlPlane.stop()
  const { code, stdout, stderr } = await tallyman('admin', ['policy', 'show', '--kubeconfig', kubeconfig])
  t.same([code, stdout], [2, ''])
  t.match(stderr, /^tallyman: API server https:\/\/127\.0\.0\.1:\d+: nothing listens there\n$/)
})
