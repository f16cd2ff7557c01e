import t from 'tap'
import { hearsWarnings, isMachine, serviceAccountNamespace } from '../../src/admission/requester.ts'

const users: [username: string, groups: string[], machine: boolean][] = [
  ['kubernetes-admin', ['kubeadm:cluster-admins', 'system:authenticated'], false],
  ['system:admin', ['system:masters'], false],
  ['system:anonymous', ['system:unauthenticated'], false],
  ['system:serviceaccount:ci:deployer', ['system:serviceaccounts'], true],
  ['system:serviceaccount:ci:deployer', [], true],
  ['system:node:worker-1', ['system:nodes'], true],
  ['system:kube-controller-manager', ['system:authenticated'], true],
  ['system:kube-scheduler', [], true],
  ['some-operator', ['system:nodes'], true],
  ['', [], false],
]

for (const [username, groups, machine] of users) {
  t.test(`${username || 'nobody'} in ${groups} is ${machine ? 'a machine' : 'a person'}`, async (t) =>
    t.equal(isMachine({ username, groups }), machine),
  )
}

const accounts: [username: string, namespace: string | undefined][] = [
  ['system:serviceaccount:ci:deployer', 'ci'],
  ['system:serviceaccount:ci', undefined],
  ['system:serviceaccount::deployer', undefined],
  ['system:serviceaccount:ci:', undefined],
  ['system:serviceaccount:ci:a:b', undefined],
  ['oidc:system:serviceaccount:ci:deployer', undefined],
  ['kubernetes-admin', undefined],
]

for (const [username, namespace] of accounts) {
  t.test(`${username} is of ${namespace}`, async (t) => t.equal(serviceAccountNamespace(username), namespace))
}

const hearers: [username: string, groups: string[], hears: boolean][] = [
  ['kubernetes-admin', ['system:authenticated'], true],
  ['system:serviceaccount:ci:deployer', ['system:serviceaccounts'], true],
  ['system:node:worker-1', ['system:nodes'], false],
  ['system:kube-controller-manager', [], false],
]

for (const [username, groups, hears] of hearers) {
  t.test(`${username} ${hears ? 'may see' : 'does not look at'} warnings`, async (t) =>
    t.equal(hearsWarnings({ username, groups }), hears),
  )
}
