import t, { type Test } from 'tap'
import { connect } from '../../src/cli/cluster-option.ts'
import { policiesOfCluster, policiesOfFile } from '../../src/cli/lint-policies.ts'
import type { Mode } from '../../src/policy/mode.ts'
import {
  type Answers,
  answeringCluster,
  NAMESPACES,
  namespace,
  POLICIES,
  tagPolicy,
} from './answering-cluster.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const CLUSTER: Answers = {
  [POLICIES]: [tagPolicy('default', { mode: 'enforce' }), tagPolicy('lab', { mode: 'audit' })],
  [`${NAMESPACES}/lab`]: namespace('lab', { 'tallyman.dev/policy': 'lab' }),
  [`${NAMESPACES}/slip`]: namespace('slip', { 'tallyman.dev/mode': 'off' }),
  [`${NAMESPACES}/closed`]: [403, 'no'],
}

async function of(t: Test, mode?: Mode, answers = CLUSTER) {
  const cluster = await connect({ kubeconfig: await answeringCluster(t, answers) })
  return await policiesOfCluster(cluster, mode, NOW)
}

t.test('each namespace by its labels, which are read when an object is in it', async (t) => {
  const policies = await of(t)
  t.equal(policies.namespace, 'team-a', "the kubeconfig's")
  t.equal((await policies.for('lab')).policy.name, 'lab')
  t.strictSame((await policies.for('')).namespace, { name: '', labels: {} }, 'what is of cluster scope')
  t.strictSame(policies.remarks(), [])
  t.equal(await policies.for('lab'), await policies.for('lab'), 'once')
  await t.rejects(Promise.resolve(policies.for('closed')), {
    name: 'CommandError',
    message: /^the cluster refuses: no/,
  })
})

t.test('what a person should know of it', async (t) => {
  const policies = await of(t, undefined, { ...CLUSTER, [POLICIES]: [tagPolicy('default', { mode: 'off' })] })
  t.equal((await policies.for('slip')).policy.mode, 'warn')
  t.equal((await policies.for('Not a name')).policy.mode, 'warn')
  const remarks = policies.remarks()
  t.equal(remarks.length, 4)
  t.match(remarks, [
    /^TagPolicy default: spec\.mode: /,
    /^TagPolicy default is refused, and so it holds nowhere$/,
    /^namespace slip: the label tallyman\.dev\/mode="off" is ignored/,
    /^there is no namespace "Not a name" in the cluster: judged as one without labels$/,
  ])
})

t.test('a mode replaces what holds, and what labels say of it', async (t) => {
  const policies = await of(t, 'disabled')
  for (const name of ['lab', 'slip', '']) t.equal((await policies.for(name)).policy.mode, 'disabled', name)
  t.strictSame(policies.remarks(), [])
})

t.test('a file says the same everywhere, under enforce unless told otherwise', async (t) => {
  for (const [mode, expected] of [
    [undefined, 'enforce'],
    ['audit', 'audit'],
  ] as const) {
    const policies = await policiesOfFile(undefined, mode)
    const { policy, namespace } = await policies.for('team-a')
    t.equal(policy.mode, expected)
    t.strictSame(namespace, { name: 'team-a', labels: {} })
  }
})
