import t from 'tap'
import { ceilingsFor } from '../../src/admission/ceilings.ts'
import { ALL_NEW, type Changes } from '../../src/admission/changes.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import type { Mode } from '../../src/policy/mode.ts'
import { container, podRequest, serviceAccount } from './samples.ts'

const UNCHANGED: Changes = { ...ALL_NEW, isUnchanged: () => true }
const account = podRequest({ userInfo: serviceAccount('ci', 'deployer') })
const mirror = podRequest({
  object: { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } },
  userInfo: { username: 'system:node:worker-1', groups: ['system:nodes'] },
})

const cases: [what: string, request: typeof account, Changes, owned: Mode | undefined, ceiling: Mode][] = [
  ['a person makes something', podRequest(), ALL_NEW, undefined, 'enforce'],
  ['a service account makes something', account, ALL_NEW, undefined, 'enforce'],
  ['a person leaves something as it was', podRequest(), UNCHANGED, undefined, 'warn'],
  ['a service account leaves something as it was', account, UNCHANGED, undefined, 'audit'],
  ['a controller makes something', account, ALL_NEW, 'audit', 'audit'],
  ['it does, and the policy wants that denied', account, ALL_NEW, 'enforce', 'enforce'],
  ['it leaves something as it was, and that policy holds', account, UNCHANGED, 'enforce', 'audit'],
  [
    'a trusted person leaves it, and owned objects are not judged',
    podRequest(),
    UNCHANGED,
    'disabled',
    'disabled',
  ],
  ['a node reports a static Pod', mirror, ALL_NEW, undefined, 'audit'],
]

for (const [what, asked, changes, owned, ceiling] of cases) {
  t.test(`${what}: at most ${ceiling}`, async (t) => {
    const policy = { ...builtInPolicy(), ownedObjects: owned ?? 'audit' }
    t.equal(ceilingsFor(asked, policy, changes, owned !== undefined)(container()), ceiling)
  })
}

t.test('an ephemeral container from before is nothing that a person could mend', async (t) => {
  const ceiling = ceilingsFor(podRequest(), builtInPolicy(), UNCHANGED, false)
  t.equal(ceiling(container({ list: 'ephemeralContainers' })), 'audit')
  t.equal(ceiling(container()), 'warn')
})

t.test('a new one meets what the policy says', async (t) => {
  const ceiling = ceilingsFor(podRequest(), builtInPolicy(), ALL_NEW, false)
  t.equal(ceiling(container({ list: 'ephemeralContainers' })), 'enforce')
})
